"""Authlib takes an app through the OAuth 2.0 endpoints, given what the discovery document says: code with PKCE by way of
the sign-in form, user info, refresh, revocation; and an app client for itself."""

import os
import urllib.parse

# The library insists on HTTPS otherwise; the server of the test is on loopback.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

import requests
from authlib.common.security import generate_token
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from form_browser import FormBrowser
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry
from joserfc.jwt import decode
from scene import SCENE, expect

CONFIGURATION = requests.get(f"{SCENE['issuer']}/.well-known/openid-configuration").json()
CALLBACK = SCENE["callback"]


def session(app, **more):
    """A client as its kind authenticates."""
    method = "client_secret_basic" if "secret" in app else "none"
    return OAuth2Session(
        app["clientId"], app.get("secret"), token_endpoint_auth_method=method, redirect_uri=CALLBACK, **more
    )


def fails(expected, call, *arguments, **named):
    """The call fails with this error of OAuth 2.0."""
    try:
        call(*arguments, **named)
    except OAuthError as error:
        expect(error.error == expected, f"{expected}; seen {error.error}")
        return
    raise SystemExit(f"not as expected: the call succeeded where {expected} was due")


def sign_in(app):
    """Tokens by way of a code, and what an attacker gets."""
    client = session(app, scope="openid email", code_challenge_method="S256")
    verifier, nonce = generate_token(48), generate_token(20)
    url, state = client.create_authorization_url(
        CONFIGURATION["authorization_endpoint"], code_verifier=verifier, nonce=nonce
    )
    back = FormBrowser(CALLBACK).sign_in(url, SCENE["username"], SCENE["password"])
    expect(back.startswith(f"{CALLBACK}?"), f"back at the app; seen {back}")
    token_endpoint = CONFIGURATION["token_endpoint"]
    exchange = dict(authorization_response=back, state=state)
    fails("invalid_grant", client.fetch_token, token_endpoint, **exchange, code_verifier=generate_token(48))
    fails("invalid_grant", client.fetch_token, token_endpoint, **exchange)
    token = client.fetch_token(token_endpoint, **exchange, code_verifier=verifier)

    keys = KeySet.import_key_set(requests.get(CONFIGURATION["jwks_uri"]).json())
    claims = decode(token["id_token"], keys, algorithms=["RS256"]).claims
    essential = lambda value: {"essential": True, "value": value}
    JWTClaimsRegistry(
        iss=essential(CONFIGURATION["issuer"]), aud=essential(app["clientId"]), nonce=essential(nonce)
    ).validate(claims)
    expect(claims["email"] == SCENE["email"], "the e-mail address in the ID token")

    info = client.get(CONFIGURATION["userinfo_endpoint"]).json()
    expect((info["sub"], info["email"]) == (claims["sub"], SCENE["email"]), f"user info; seen {info}")

    code = urllib.parse.parse_qs(urllib.parse.urlsplit(back).query)["code"][0]
    return client, token, code, verifier


for app in (SCENE["public"], SCENE["confidential"]):
    client, token, _, _ = sign_in(app)
    newer = client.refresh_token(CONFIGURATION["token_endpoint"], refresh_token=token["refresh_token"])
    expect(newer["access_token"] != token["access_token"], "another access token")
    expect(client.get(CONFIGURATION["userinfo_endpoint"]).status_code == 200, "the new one is good")
    revoked = client.revoke_token(CONFIGURATION["revocation_endpoint"], token=token["refresh_token"])
    expect(revoked.status_code == 200, f"revoked; seen {revoked.status_code} {revoked.text}")
    refresh = dict(refresh_token=token["refresh_token"])
    fails("invalid_grant", client.refresh_token, CONFIGURATION["token_endpoint"], **refresh)
    expect(client.get(CONFIGURATION["userinfo_endpoint"]).status_code == 401, "the access token is worth nothing")

    # A code that comes again takes the tokens of the first time with it.
    client, token, code, verifier = sign_in(app)
    again = dict(code=code, code_verifier=verifier, grant_type="authorization_code")
    fails("invalid_grant", client.fetch_token, CONFIGURATION["token_endpoint"], **again)
    expect(client.get(CONFIGURATION["userinfo_endpoint"]).status_code == 401, "so it was revoked")

machine = session(SCENE["machine"], scope="api/read")
token = machine.fetch_token(CONFIGURATION["token_endpoint"], grant_type="client_credentials")
expect("refresh_token" not in token and "id_token" not in token, "an access token alone")
greedy = session(SCENE["machine"], scope="api/write")
fails("invalid_scope", greedy.fetch_token, CONFIGURATION["token_endpoint"], grant_type="client_credentials")
thief = session({**SCENE["machine"], "secret": "x" * 30}, scope="api/read")
fails("invalid_client", thief.fetch_token, CONFIGURATION["token_endpoint"], grant_type="client_credentials")
