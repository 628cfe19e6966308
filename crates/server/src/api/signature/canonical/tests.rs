use super::*;

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const TIMESTAMP: &str = "20260131T235959Z";
const SCOPE: Scope<'_> = Scope {
    date: "20260131",
    region: "us-east-1",
    service: "cognito-idp",
};
/// Both made by botocore 1.43.11 at that moment, with the usual example key.
const PLAIN: &str = "f7b1322faa286f251bddb965d37bea2609452d6965eb544f31f803939d9a92db";
const WINDING: &str = "25e22c39511078c554d3524b28782b4e15b32d4a427a15846da420180aa391a7";

fn headers(more: &[(&'static str, &'static str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("host", "127.0.0.1:9229"),
        ("content-type", "application/x-amz-json-1.1"),
        ("x-amz-target", "AWSCognitoIdentityProviderService.ListUserPools"),
        ("x-amz-date", TIMESTAMP),
    ]
    .iter()
    .chain(more)
    {
        headers.append(*name, value.parse().unwrap());
    }
    headers
}

fn plain(headers: &HeaderMap) -> SignedRequest<'_> {
    SignedRequest {
        method: "POST",
        path: "/",
        query: "",
        headers,
        authority: None,
        signed_headers: "content-type;host;x-amz-date;x-amz-target",
        body: br#"{"MaxResults":10}"#,
    }
}

fn holds(signature: &str, request: &SignedRequest<'_>, secret: &str) -> bool {
    is_signature_of(&read_hex(signature).unwrap(), request, SCOPE, TIMESTAMP, secret)
}

#[test]
fn a_signature_of_botocore_holds() {
    let headers = headers(&[]);
    assert!(holds(PLAIN, &plain(&headers), SECRET));
}

#[test]
fn a_signature_over_a_winding_path_a_query_and_spaced_headers_holds() {
    let headers = headers(&[("x-two-spaces", "  a   b  ")]);
    let request = SignedRequest {
        path: "/a%20b/./c/../d%2Fe/",
        query: "b=2&a=1&a=0&c",
        signed_headers: "content-type;host;x-amz-date;x-amz-target;x-two-spaces",
        body: "{\"Name\":\"pä\"}".as_bytes(),
        ..plain(&headers)
    };
    assert!(holds(WINDING, &request, SECRET));
}

#[test]
fn the_authority_stands_in_for_the_host_header() {
    let mut headers = headers(&[]);
    headers.remove("host");
    let request = SignedRequest {
        authority: Some("127.0.0.1:9229"),
        ..plain(&headers)
    };
    assert!(holds(PLAIN, &request, SECRET));
}

#[test]
fn a_changed_body_header_method_path_or_secret_breaks_it() {
    let right = headers(&[]);
    let mut other_target = right.clone();
    other_target.insert(
        "x-amz-target",
        "AWSCognitoIdentityProviderService.DeleteUserPool"
            .parse()
            .unwrap(),
    );
    assert!(!holds(
        PLAIN,
        &SignedRequest {
            body: b"{}",
            ..plain(&right)
        },
        SECRET
    ));
    assert!(!holds(
        PLAIN,
        &SignedRequest {
            method: "GET",
            ..plain(&right)
        },
        SECRET
    ));
    assert!(!holds(
        PLAIN,
        &SignedRequest {
            path: "/x",
            ..plain(&right)
        },
        SECRET
    ));
    assert!(!holds(PLAIN, &plain(&other_target), SECRET));
    assert!(!holds(PLAIN, &plain(&right), "another secret"));
    assert!(!is_signature_of(
        &read_hex(PLAIN).unwrap(),
        &plain(&right),
        Scope {
            region: "eu-west-1",
            ..SCOPE
        },
        TIMESTAMP,
        SECRET
    ));
}

#[test]
fn only_64_hexadecimal_digits_are_a_signature() {
    assert!(read_hex(PLAIN).is_some());
    assert!(read_hex("").is_none());
    assert!(read_hex(&PLAIN[1..]).is_none());
    assert!(read_hex(&PLAIN.replace('f', "g")).is_none());
    assert!(read_hex(&"ä".repeat(32)).is_none());
}
