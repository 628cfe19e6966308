# For an old pool in another account than the function's: the role that the function takes on there.

variable "old_user_pool_id" {
  description = "The pool that people come from; in the account of the provider"
  type        = string
}

variable "execution_role_arn" {
  description = "The function's own role, the only one who may take on this one"
  type        = string
}

variable "external_id" {
  description = "What the function has to know as well; make one up that nobody guesses"
  type        = string
  sensitive   = true
}

variable "carries_groups" {
  description = "As in the function's module"
  type        = bool
  default     = false
}

variable "role_name" {
  type    = string
  default = "rehome"
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  account           = data.aws_caller_identity.current.account_id
  partition         = data.aws_partition.current.partition
  old_region        = split("_", var.old_user_pool_id)[0]
  old_user_pool_arn = "arn:${local.partition}:cognito-idp:${local.old_region}:${local.account}:userpool/${var.old_user_pool_id}"

  ask = concat(
    ["cognito-idp:AdminInitiateAuth", "cognito-idp:AdminGetUser"],
    var.carries_groups ? ["cognito-idp:AdminListGroupsForUser"] : [],
  )
}

resource "aws_iam_role" "old" {
  name                 = var.role_name
  max_session_duration = 3600
  assume_role_policy   = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "old" {
  name   = "rehome"
  role   = aws_iam_role.old.id
  policy = data.aws_iam_policy_document.old.json
}

data "aws_iam_policy_document" "trust" {
  statement {
    effect  = "Allow"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "AWS"
      identifiers = [var.execution_role_arn]
    }

    condition {
      test     = "StringEquals"
      variable = "sts:ExternalId"
      values   = [var.external_id]
    }
  }
}

data "aws_iam_policy_document" "old" {
  statement {
    sid       = "AskOldUserPool"
    effect    = "Allow"
    actions   = local.ask
    resources = [local.old_user_pool_arn]
  }
}

output "old_role_arn" {
  description = "old_role_arn of the function's module (OLD_ROLE_ARN)"
  value       = aws_iam_role.old.arn
}
