//! Operations over the wire: the members and forms of their answers. What they decide is tested with the rules.

use serde_json::json;

use crate::server::Server;

#[tokio::test]
async fn a_new_pool_has_the_defaults_of_cognito() {
    let server = Server::start().await;
    let pool = server.ok("CreateUserPool", json!({ "PoolName": "new" })).await["UserPool"].clone();
    let id = pool["Id"].as_str().unwrap();
    assert_eq!(
        pool["Arn"],
        format!("arn:aws:cognito-idp:us-east-1:000000000000:userpool/{id}")
    );
    let policy = json!({ "MinimumLength": 8, "RequireUppercase": true, "RequireLowercase": true,
        "RequireNumbers": true, "RequireSymbols": true, "TemporaryPasswordValidityDays": 7 });
    assert_eq!(
        pool["Policies"],
        json!({ "PasswordPolicy": policy, "SignInPolicy": { "AllowedFirstAuthFactors": ["PASSWORD"] } })
    );
    assert_eq!(pool["LambdaConfig"], json!({}));
    assert_eq!(pool["MfaConfiguration"], "OFF");
    assert_eq!(pool["DeletionProtection"], "INACTIVE");
    assert_eq!(pool["UserPoolTier"], "ESSENTIALS");
    assert_eq!(pool["EstimatedNumberOfUsers"], 0);
    assert_eq!(
        pool["AdminCreateUserConfig"],
        json!({ "AllowAdminCreateUserOnly": false, "UnusedAccountValidityDays": 7 })
    );
    assert_eq!(
        pool["EmailConfiguration"],
        json!({ "EmailSendingAccount": "COGNITO_DEFAULT" })
    );
    let recovery = json!([{ "Priority": 1, "Name": "verified_email" }, { "Priority": 2, "Name": "verified_phone_number" }]);
    assert_eq!(pool["AccountRecoverySetting"]["RecoveryMechanisms"], recovery);
    assert_eq!(pool["CreationDate"], json!(1_769_903_999));
    for absent in [
        "AliasAttributes",
        "UsernameAttributes",
        "AutoVerifiedAttributes",
        "UsernameConfiguration",
        "UserPoolTags",
    ] {
        assert!(pool.get(absent).is_none(), "{absent}");
    }
    assert_eq!(pool["SchemaAttributes"].as_array().unwrap().len(), 20);
    let described = server.ok("DescribeUserPool", json!({ "UserPoolId": id })).await["UserPool"].clone();
    assert_eq!(described["UserPoolTags"], json!({}));
    let schema = described["SchemaAttributes"].as_array().unwrap();
    assert_eq!(schema.len(), 21);
    assert_eq!(schema[20]["Name"], "identities");
}

#[tokio::test]
async fn what_a_pool_is_given_comes_back_and_an_update_resets_it() {
    let server = Server::start().await;
    let arn = "arn:aws:lambda:us-east-1:000000000000:function:CognitoUserMigration";
    let body = json!({
        "PoolName": "new", "AliasAttributes": ["email"], "AutoVerifiedAttributes": ["email"],
        "UsernameConfiguration": { "CaseSensitive": false }, "LambdaConfig": { "UserMigration": arn },
        "Policies": { "PasswordPolicy": { "MinimumLength": 6 } }, "UserPoolTags": { "team": "blue" },
        "UserPoolTier": "LITE", "DeletionProtection": "ACTIVE", "MfaConfiguration": "OPTIONAL",
        "EmailVerificationSubject": "Hello",
        "AccountRecoverySetting": { "RecoveryMechanisms": [{ "Name": "verified_phone_number", "Priority": 2 },
            { "Name": "verified_email", "Priority": 1 }] },
        "Schema": [{ "Name": "tier", "AttributeDataType": "String", "Mutable": true }],
    });
    let created = server.ok("CreateUserPool", body.clone()).await["UserPool"].clone();
    for member in [
        "AliasAttributes",
        "AutoVerifiedAttributes",
        "UsernameConfiguration",
        "LambdaConfig",
        "UserPoolTags",
        "UserPoolTier",
        "DeletionProtection",
        "MfaConfiguration",
        "EmailVerificationSubject",
    ] {
        assert_eq!(created[member], body[member], "{member}");
    }
    let policy = &created["Policies"]["PasswordPolicy"];
    assert_eq!(
        (&policy["MinimumLength"], &policy["RequireSymbols"]),
        (&json!(6), &json!(false))
    );
    assert_eq!(
        created["AccountRecoverySetting"]["RecoveryMechanisms"][0]["Name"],
        "verified_email"
    );
    let custom = &created["SchemaAttributes"][20];
    assert_eq!(
        (&custom["Name"], &custom["StringAttributeConstraints"]),
        (&json!("custom:tier"), &json!({}))
    );
    let id = &created["Id"];
    server.ok("AddCustomAttributes", json!({ "UserPoolId": id, "CustomAttributes": [{ "Name": "age", "AttributeDataType": "Number" }] })).await;
    server
        .ok(
            "UpdateUserPool",
            json!({ "UserPoolId": id, "AutoVerifiedAttributes": ["email"] }),
        )
        .await;
    let updated = server.ok("DescribeUserPool", json!({ "UserPoolId": id })).await["UserPool"].clone();
    assert_eq!(updated["Name"], "new");
    assert_eq!(updated["AliasAttributes"], json!(["email"]));
    assert_eq!(updated["LambdaConfig"], json!({}));
    assert_eq!(updated["DeletionProtection"], "INACTIVE");
    assert_eq!(updated["SchemaAttributes"][21]["Name"], "custom:age");
    assert!(updated.get("EmailVerificationSubject").is_none());
    let listed = server.ok("ListUserPools", json!({ "MaxResults": 60 })).await;
    assert_eq!(listed["UserPools"][0]["Id"], *id);
    server.ok("DeleteUserPool", json!({ "UserPoolId": id })).await;
    assert_eq!(
        server
            .refused("DescribeUserPool", json!({ "UserPoolId": id }))
            .await
            .0,
        "ResourceNotFoundException"
    );
}

#[tokio::test]
async fn an_app_client_has_the_defaults_of_cognito_and_keeps_its_secret() {
    let server = Server::start().await;
    let (pool, _) = server.pool_and_client().await;
    let body = json!({ "UserPoolId": pool, "ClientName": "server", "GenerateSecret": true });
    let client = server.ok("CreateUserPoolClient", body).await["UserPoolClient"].clone();
    assert_eq!(client["RefreshTokenValidity"], 30);
    assert_eq!(client["TokenValidityUnits"], json!({}));
    assert_eq!(client["AllowedOAuthFlowsUserPoolClient"], false);
    assert_eq!(client["EnableTokenRevocation"], true);
    assert_eq!(client["EnablePropagateAdditionalUserContextData"], false);
    assert_eq!(client["AuthSessionValidity"], 3);
    assert!(client["ClientSecret"].as_str().unwrap().len() > 24);
    for absent in [
        "ExplicitAuthFlows",
        "PreventUserExistenceErrors",
        "ReadAttributes",
        "AccessTokenValidity",
    ] {
        assert!(client.get(absent).is_none(), "{absent}");
    }
    let named = json!({ "UserPoolId": pool, "ClientId": client["ClientId"] });
    assert_eq!(
        server.ok("DescribeUserPoolClient", named.clone()).await["UserPoolClient"],
        client
    );
    let update = json!({ "UserPoolId": pool, "ClientId": client["ClientId"], "PreventUserExistenceErrors": "ENABLED",
        "CallbackURLs": ["https://app.example/"], "AccessTokenValidity": 10, "TokenValidityUnits": { "AccessToken": "minutes" } });
    let updated = server.ok("UpdateUserPoolClient", update.clone()).await["UserPoolClient"].clone();
    for member in [
        "PreventUserExistenceErrors",
        "CallbackURLs",
        "AccessTokenValidity",
        "TokenValidityUnits",
    ] {
        assert_eq!(updated[member], update[member], "{member}");
    }
    assert_eq!(updated["ClientSecret"], client["ClientSecret"]);
    let listed = server
        .ok(
            "ListUserPoolClients",
            json!({ "UserPoolId": pool, "MaxResults": 10 }),
        )
        .await;
    assert_eq!(listed["UserPoolClients"].as_array().unwrap().len(), 2);
    server.ok("DeleteUserPoolClient", named.clone()).await;
    let gone = server.refused("DescribeUserPoolClient", named).await;
    assert_eq!(
        gone,
        (
            "ResourceNotFoundException".into(),
            "User pool client does not exist.".into()
        )
    );
}

#[tokio::test]
async fn a_user_is_made_changed_listed_and_deleted() {
    let server = Server::start().await;
    let (pool, _) = server.pool_and_client().await;
    let named = json!({ "UserPoolId": pool, "Username": "ann" });
    let body = json!({ "UserPoolId": pool, "Username": "ann", "MessageAction": "SUPPRESS",
        "UserAttributes": [{ "Name": "email", "Value": "ann@example.com" }, { "Name": "email_verified", "Value": "true" }] });
    let created = server.ok("AdminCreateUser", body.clone()).await["User"].clone();
    assert_eq!(
        (&created["Username"], &created["UserStatus"]),
        (&json!("ann"), &json!("FORCE_CHANGE_PASSWORD"))
    );
    assert_eq!(
        server.refused("AdminCreateUser", body).await,
        (
            "UsernameExistsException".into(),
            "User account already exists".into()
        )
    );
    let update = json!({ "UserPoolId": pool, "Username": "ann", "UserAttributes": [{ "Name": "name", "Value": "Ann" }] });
    assert_eq!(server.ok("AdminUpdateUserAttributes", update).await, json!({}));
    let got = server.ok("AdminGetUser", named.clone()).await;
    let shown: Vec<_> = got["UserAttributes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|a| a["Name"].as_str().unwrap())
        .collect();
    assert_eq!(shown, ["name", "email", "email_verified", "sub"]);
    assert!(got.get("Attributes").is_none() && got.get("MFAOptions").is_none());
    let removal = json!({ "UserPoolId": pool, "Username": "ann", "UserAttributeNames": ["name"] });
    assert_eq!(server.ok("AdminDeleteUserAttributes", removal).await, json!({}));
    assert_eq!(server.ok("AdminDisableUser", named.clone()).await, json!({}));
    let query = json!({ "UserPoolId": pool, "Filter": "email ^= \"ann@\"", "AttributesToGet": ["email"] });
    let listed = server.ok("ListUsers", query).await;
    assert_eq!(listed["Users"][0]["Enabled"], false);
    assert_eq!(
        listed["Users"][0]["Attributes"],
        json!([{ "Name": "email", "Value": "ann@example.com" }])
    );
    assert_eq!(server.ok("AdminEnableUser", named.clone()).await, json!({}));
    assert_eq!(server.call("AdminDeleteUser", named.clone()).await.text(), "");
    assert_eq!(
        server.refused("AdminGetUser", named).await.0,
        "UserNotFoundException"
    );
}

#[tokio::test]
async fn a_user_signs_in_refreshes_and_changes_the_password() {
    let server = Server::start().await;
    let (pool, client) = server.pool_and_client().await;
    server.ok("AdminCreateUser", json!({ "UserPoolId": pool, "Username": "ann", "MessageAction": "SUPPRESS", "TemporaryPassword": "Old-passw0rd" })).await;
    let begin = |flow: &str, parameters: serde_json::Value| json!({ "ClientId": client, "AuthFlow": flow, "AuthParameters": parameters });
    let password = |password: &str| json!({ "USERNAME": "ann", "PASSWORD": password });
    let challenge = server
        .ok(
            "InitiateAuth",
            begin("USER_PASSWORD_AUTH", password("Old-passw0rd")),
        )
        .await;
    assert_eq!(challenge["ChallengeName"], "NEW_PASSWORD_REQUIRED");
    assert_eq!(challenge["ChallengeParameters"]["USER_ID_FOR_SRP"], "ann");
    let answer = json!({ "UserPoolId": pool, "ClientId": client, "ChallengeName": "NEW_PASSWORD_REQUIRED",
        "Session": challenge["Session"], "ChallengeResponses": { "USERNAME": "ann", "NEW_PASSWORD": "New-passw0rd" } });
    let signed_in = server.ok("AdminRespondToAuthChallenge", answer).await;
    assert_eq!(signed_in["ChallengeParameters"], json!({}));
    let result = &signed_in["AuthenticationResult"];
    assert_eq!(
        (&result["TokenType"], &result["ExpiresIn"]),
        (&json!("Bearer"), &json!(3600))
    );
    let refreshed = server
        .ok(
            "InitiateAuth",
            begin(
                "REFRESH_TOKEN_AUTH",
                json!({ "REFRESH_TOKEN": result["RefreshToken"] }),
            ),
        )
        .await;
    assert!(refreshed["AuthenticationResult"].get("RefreshToken").is_none());
    let token = &refreshed["AuthenticationResult"]["AccessToken"];
    let me = server.ok("GetUser", json!({ "AccessToken": token })).await;
    assert_eq!(me["Username"], "ann");
    assert!(me.get("UserStatus").is_none());
    let change = json!({ "AccessToken": token, "PreviousPassword": "New-passw0rd", "ProposedPassword": "Third-passw0rd" });
    assert_eq!(server.ok("ChangePassword", change).await, json!({}));
    let wrong = server
        .refused(
            "InitiateAuth",
            begin("USER_PASSWORD_AUTH", password("New-passw0rd")),
        )
        .await;
    assert_eq!(
        wrong,
        (
            "NotAuthorizedException".into(),
            "Incorrect username or password.".into()
        )
    );
    let admin = json!({ "UserPoolId": pool, "ClientId": client, "AuthFlow": "ADMIN_USER_PASSWORD_AUTH", "AuthParameters": password("Third-passw0rd") });
    assert!(server.ok("AdminInitiateAuth", admin).await["AuthenticationResult"]["IdToken"].is_string());
}

#[tokio::test]
async fn a_forgotten_password_is_reset_with_the_code_from_the_outbox() {
    let server = Server::start().await;
    let (pool, client) = server.pool_and_client().await;
    server.ok("AdminCreateUser", json!({ "UserPoolId": pool, "Username": "ann", "MessageAction": "SUPPRESS",
        "UserAttributes": [{ "Name": "email", "Value": "ann@example.com" }, { "Name": "email_verified", "Value": "true" }] })).await;
    server
        .ok(
            "AdminSetUserPassword",
            json!({ "UserPoolId": pool, "Username": "ann", "Password": "Old-passw0rd", "Permanent": true }),
        )
        .await;
    let sent = server
        .ok("ForgotPassword", json!({ "ClientId": client, "Username": "ann" }))
        .await;
    let details = json!({ "AttributeName": "email", "DeliveryMedium": "EMAIL", "Destination": "a***@e***" });
    assert_eq!(sent["CodeDeliveryDetails"], details);
    let outbox = server.get("/_rehome/outbox").await.json();
    let code = &outbox[0]["code"];
    let confirm = json!({ "ClientId": client, "Username": "ann", "ConfirmationCode": code, "Password": "New-passw0rd" });
    assert_eq!(server.ok("ConfirmForgotPassword", confirm).await, json!({}));
    let begin = json!({ "ClientId": client, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": { "USERNAME": "ann", "PASSWORD": "New-passw0rd" } });
    assert!(server.ok("InitiateAuth", begin).await["AuthenticationResult"]["AccessToken"].is_string());
}
