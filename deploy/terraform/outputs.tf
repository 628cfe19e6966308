# A pool that Terraform makes takes the function here, and loses nothing:
#
#   resource "aws_cognito_user_pool" "new" {
#     …
#     lambda_config {
#       user_migration = "arn:aws:lambda:eu-west-1:111122223333:function:CognitoUserMigration"
#     }
#   }
#
# The ARN in words, since the module takes the pool's id: Terraform would see a circle. For a pool that something else made:
# rehome trigger attach --user-pool-id … --function-arn …

output "function_arn" {
  description = "For LambdaConfig.UserMigration"
  value       = aws_lambda_function.function.arn
}

output "execution_role_arn" {
  description = "For the role in the old pool's account"
  value       = aws_iam_role.execution.arn
}
