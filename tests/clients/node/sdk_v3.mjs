// The AWS SDK for JavaScript v3: typed errors, the admin API with signatures, and a sign-in.
import {
  AdminGetUserCommand,
  CognitoIdentityProviderClient,
  GetUserCommand,
  InitiateAuthCommand,
  ListUsersCommand,
  NotAuthorizedException,
  UserNotFoundException,
} from "@aws-sdk/client-cognito-identity-provider";
import { expect, scene } from "./scene.mjs";

const client = new CognitoIdentityProviderClient({
  endpoint: scene.endpoint,
  region: scene.region,
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
  maxAttempts: 1,
});

const signIn = (username, password) =>
  client.send(
    new InitiateAuthCommand({
      AuthFlow: "USER_PASSWORD_AUTH",
      ClientId: scene.clientId,
      AuthParameters: { USERNAME: username, PASSWORD: password },
    }),
  );

const { AuthenticationResult: tokens, $metadata } = await signIn(scene.username, scene.password);
expect(tokens.ExpiresIn === 3600 && tokens.TokenType === "Bearer", "tokens for an hour");
expect($metadata.requestId, "an answer has a request id");

const me = await client.send(new GetUserCommand({ AccessToken: tokens.AccessToken }));
expect(me.UserAttributes.some(({ Name, Value }) => Name === "email" && Value === scene.email), "GetUser");

const user = await client.send(new AdminGetUserCommand({ UserPoolId: scene.userPoolId, Username: scene.username }));
expect(user.UserStatus === "CONFIRMED" && user.UserCreateDate instanceof Date, "AdminGetUser reads a date");

const wrong = await signIn(scene.username, "Wrong-1234").catch((error) => error);
expect(wrong instanceof NotAuthorizedException, `a wrong password has its type; seen ${wrong.name}`);
expect(wrong.message === "Incorrect username or password.", wrong.message);
expect(wrong.$metadata.httpStatusCode === 400, "and status 400");

const nobody = await signIn("nobody", "Wrong-1234").catch((error) => error);
expect(nobody instanceof UserNotFoundException, `an unknown user has its type; seen ${nobody.name}`);

const { Users } = await client.send(
  new ListUsersCommand({ UserPoolId: scene.userPoolId, Filter: `email = "${scene.email}"` }),
);
expect(Users.length === 1 && Users[0].Username === scene.username, "ListUsers finds by e-mail address");
