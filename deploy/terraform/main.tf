# The migration function in front of a new user pool. It is deployed in the account and Region of the new pool:
#
#   module "rehome" {
#     source           = "./deploy/terraform"
#     package          = "rehome-x86-64.zip"
#     new_user_pool_id = aws_cognito_user_pool.new.id
#     old_user_pool_id = "eu-west-1_OldPool01"
#     old_client_id    = "1example23456789abcdefghij"
#   }
#
# The pool gets its trigger from outputs.tf. docs/guide.md says each step.

terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.31"
    }
  }
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  account    = data.aws_caller_identity.current.account_id
  partition  = data.aws_partition.current.partition
  region     = split("_", var.new_user_pool_id)[0]
  old_region = split("_", var.old_user_pool_id)[0]

  new_user_pool_arn = "arn:${local.partition}:cognito-idp:${local.region}:${local.account}:userpool/${var.new_user_pool_id}"
  old_user_pool_arn = "arn:${local.partition}:cognito-idp:${local.old_region}:${local.account}:userpool/${var.old_user_pool_id}"

  old_pool_elsewhere = var.old_role_arn != ""

  ask = concat(
    ["cognito-idp:AdminInitiateAuth", "cognito-idp:AdminGetUser"],
    var.carries_groups ? ["cognito-idp:AdminListGroupsForUser"] : [],
  )

  environment = {
    OLD_USER_POOL_ID  = var.old_user_pool_id
    OLD_CLIENT_ID     = var.old_client_id
    OLD_CLIENT_SECRET = var.old_client_secret
    OLD_ROLE_ARN      = var.old_role_arn
    OLD_EXTERNAL_ID   = var.old_external_id
    REHOME_CONFIG     = var.rehome_config
  }
}

# Made before the function, which may not make it: one that a function makes keeps its lines for ever.
resource "aws_cloudwatch_log_group" "function" {
  name              = "/aws/lambda/${var.function_name}"
  retention_in_days = var.log_retention_in_days
}

resource "aws_lambda_function" "function" {
  function_name    = var.function_name
  description      = "rehome, moves users into the new user pool at their first sign-in"
  filename         = var.package
  source_code_hash = filebase64sha256(var.package)
  runtime          = "provided.al2023"
  handler          = "bootstrap"
  architectures    = [var.architecture]
  memory_size      = 256

  # Cognito gives up at 5 seconds, and the function before that; this is for cold starts.
  timeout                        = 15
  reserved_concurrent_executions = var.reserved_concurrency
  role                           = aws_iam_role.execution.arn

  environment {
    variables = { for name, value in local.environment : name => value if value != "" }
  }

  depends_on = [aws_cloudwatch_log_group.function]
}

# Cognito alone, and for the one pool alone.
resource "aws_lambda_permission" "invoke_by_user_pool" {
  statement_id   = "InvokeByUserPool"
  function_name  = aws_lambda_function.function.function_name
  action         = "lambda:InvokeFunction"
  principal      = "cognito-idp.amazonaws.com"
  source_account = local.account
  source_arn     = local.new_user_pool_arn
}
