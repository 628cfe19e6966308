# What `rehome policy` prints.

resource "aws_iam_role" "execution" {
  name_prefix        = "rehome-"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "execution" {
  name   = "rehome"
  role   = aws_iam_role.execution.id
  policy = data.aws_iam_policy_document.execution.json
}

data "aws_iam_policy_document" "trust" {
  statement {
    effect  = "Allow"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "execution" {
  statement {
    sid       = "WriteLogs"
    effect    = "Allow"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["arn:${local.partition}:logs:${local.region}:${local.account}:log-group:/aws/lambda/${var.function_name}:*"]
  }

  dynamic "statement" {
    for_each = local.old_pool_elsewhere ? [1] : []
    content {
      sid       = "TakeOnRoleInOldAccount"
      effect    = "Allow"
      actions   = ["sts:AssumeRole"]
      resources = [var.old_role_arn]
    }
  }

  dynamic "statement" {
    for_each = local.old_pool_elsewhere ? [] : [1]
    content {
      sid       = "AskOldUserPool"
      effect    = "Allow"
      actions   = local.ask
      resources = [local.old_user_pool_arn]
    }
  }

  dynamic "statement" {
    for_each = length(var.parameter_arns) > 0 ? [1] : []
    content {
      sid       = "ReadParameters"
      effect    = "Allow"
      actions   = ["ssm:GetParameter"]
      resources = var.parameter_arns
    }
  }

  dynamic "statement" {
    for_each = length(var.secret_arns) > 0 ? [1] : []
    content {
      sid       = "ReadSecrets"
      effect    = "Allow"
      actions   = ["secretsmanager:GetSecretValue"]
      resources = var.secret_arns
    }
  }

  dynamic "statement" {
    for_each = var.carries_groups ? [1] : []
    content {
      sid    = "WriteGroups"
      effect = "Allow"
      actions = [
        "cognito-idp:AdminAddUserToGroup",
        "cognito-idp:CreateGroup",
        "cognito-idp:AdminUpdateUserAttributes",
        "cognito-idp:AdminDeleteUserAttributes",
      ]
      resources = [local.new_user_pool_arn]
    }
  }
}
