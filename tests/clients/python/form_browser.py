"""A browser without JavaScript, as far as a sign-in needs one: it follows where it is sent and fills forms in."""

from html.parser import HTMLParser
from urllib.parse import urljoin

import requests
from scene import expect


class Forms(HTMLParser):
    """The forms of a page by name: where each goes, and what the page itself put into it."""

    def __init__(self, html):
        super().__init__()
        self.forms = {}
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self.current = self.forms[attrs.get("name")] = (attrs["action"], {})
        elif tag == "input" and attrs.get("type") == "hidden":
            self.current[1][attrs["name"]] = attrs.get("value", "")


class FormBrowser:
    def __init__(self, app):
        """Places whose address begins with `app` are only looked at, never fetched."""
        self.app = app
        self.session = requests.Session()

    def visit(self, url, **options):
        """Goes to an address and wherever it leads; gives the app's address that it ends at, or None at a page."""
        send = self.session.post if "data" in options else self.session.get
        self.page = send(url, allow_redirects=False, **options)
        while self.page.is_redirect:
            url = urljoin(self.page.url, self.page.headers["Location"])
            if url.startswith(self.app):
                return url
            self.page = self.session.get(url, allow_redirects=False)
        return None

    def submit(self, name, **fields):
        action, hidden = Forms(self.page.text).forms[name]
        return self.visit(urljoin(self.page.url, action), data={**hidden, **fields})

    def sign_in(self, url, username, password):
        """Goes to an address of `/oauth2/authorize` and signs in on the page that it leads to; gives the app's address."""
        expect(self.visit(url) is None, f"the sign-in page; seen {self.page.status_code}")
        back = self.submit("cognitoSignInForm", username=username, password=password)
        expect(back is not None, f"back at the app; seen {self.page.status_code} {self.page.text}")
        return back
