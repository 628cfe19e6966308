"""Libraries that know OpenID Connect and JWT but nothing of Cognito verify both tokens, given the issuer alone."""

import base64
import json
import urllib.request

import jwt
from joserfc.errors import BadSignatureError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry
from joserfc.jwt import decode as jose_decode
from scene import SCENE, expect

ISSUER = SCENE["issuer"]
CLIENT_ID = SCENE["clientId"]
TOKENS = {"id": SCENE["idToken"], "access": SCENE["accessToken"]}


def fetch(url):
    with urllib.request.urlopen(url) as answer:
        return json.load(answer)


configuration = fetch(f"{ISSUER}/.well-known/openid-configuration")
expect(configuration["issuer"] == ISSUER, "the document is about the issuer that it was asked for")
expect("RS256" in configuration["id_token_signing_alg_values_supported"], "RS256 is announced")


def forged(token):
    """The token with a claim more and its signature kept."""
    header, claims, signature = token.split(".")
    padded = claims + "=" * (-len(claims) % 4)
    altered = {**json.loads(base64.urlsafe_b64decode(padded)), "cognito:groups": ["admin"]}
    encoded = base64.urlsafe_b64encode(json.dumps(altered).encode()).rstrip(b"=").decode()
    return f"{header}.{encoded}.{signature}"


# PyJWT finds the key by `kid`, and checks signature, times, issuer and audience.
keys = jwt.PyJWKClient(configuration["jwks_uri"])
required = {"require": ["iss", "sub", "exp", "iat", "jti"]}
for use, token in TOKENS.items():
    key = keys.get_signing_key_from_jwt(token)
    audience = {"audience": CLIENT_ID} if use == "id" else {}
    verify = dict(algorithms=["RS256"], issuer=ISSUER, options=required, **audience)
    claims = jwt.decode(token, key, **verify)
    expect(claims["sub"] == SCENE["sub"] and claims["token_use"] == use, f"PyJWT accepts the {use} token")
    for what, made, change in [
        ("with a claim more", forged(token), {}),
        ("of another issuer", token, {"issuer": ISSUER + "x"}),
        *([("for another app client", token, {"audience": "other"})] if use == "id" else []),
    ]:
        try:
            jwt.decode(made, key, **{**verify, **change})
        except jwt.InvalidTokenError:
            continue
        raise SystemExit(f"not as expected: PyJWT accepts an {use} token {what}")
expect(jwt.decode(TOKENS["access"], options={"verify_signature": False})["client_id"] == CLIENT_ID, "client_id")

# Authlib's library takes the whole set of keys, and its own registry of claims.
key_set = KeySet.import_key_set(fetch(configuration["jwks_uri"]))
registry = JWTClaimsRegistry(
    iss={"essential": True, "value": ISSUER},
    sub={"essential": True, "value": SCENE["sub"]},
    exp={"essential": True},
)
for use, token in TOKENS.items():
    decoded = jose_decode(token, key_set, algorithms=["RS256"])
    registry.validate(decoded.claims)
    expect(sorted(decoded.header) == ["alg", "kid"], "a token's header is kid and alg")
    try:
        jose_decode(forged(token), key_set, algorithms=["RS256"])
    except BadSignatureError:
        continue
    raise SystemExit(f"not as expected: joserfc accepts a forged {use} token")
