// aws-jwt-verify: both tokens hold against the pool's keys, and nothing else does. The pool serves its own keys, so the
// generic verifier fetches them; with the issuer of the real service the Cognito verifier takes them from a cache.
import { CognitoJwtVerifier, JwtVerifier } from "aws-jwt-verify";
import { expect, scene } from "./scene.mjs";

const jwksUri = `${scene.endpoint}/${scene.userPoolId}/.well-known/jwks.json`;
const jwks = await (await fetch(jwksUri)).json();

for (const [tokenUse, token] of [["id", scene.idToken], ["access", scene.accessToken]]) {
  const verifier = CognitoJwtVerifier.create({ userPoolId: scene.userPoolId, tokenUse, clientId: scene.clientId });
  verifier.cacheJwks(jwks);
  const claims = await verifier.verify(token);
  expect(claims.token_use === tokenUse, `a verified ${tokenUse} token`);

  const forged = `${token.slice(0, -8)}AAAAAAAA`;
  const refused = await verifier.verify(forged).catch((error) => error);
  expect(refused instanceof Error, `a ${tokenUse} token with another signature is refused`);

  const other = CognitoJwtVerifier.create({ userPoolId: scene.userPoolId, tokenUse, clientId: "other" });
  other.cacheJwks(jwks);
  const elsewhere = await other.verify(token).catch((error) => error);
  expect(elsewhere instanceof Error, `a ${tokenUse} token of another app client is refused`);
}

const plain = JwtVerifier.create({ issuer: scene.issuer, audience: scene.clientId, jwksUri });
plain.cacheJwks(jwks);
expect((await plain.verify(scene.idToken)).sub === scene.sub, "a plain verifier accepts the ID token");
