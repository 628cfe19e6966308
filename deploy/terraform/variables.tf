variable "new_user_pool_id" {
  description = "The pool that people move to; in the account and Region of the provider"
  type        = string
}

variable "old_user_pool_id" {
  description = "The pool that people come from"
  type        = string
}

variable "old_client_id" {
  description = "App client of the old pool that allows ALLOW_ADMIN_USER_PASSWORD_AUTH"
  type        = string
}

variable "package" {
  description = "The zip that `rehome package` has written"
  type        = string
}

variable "old_client_secret" {
  description = "Where the secret of this app client is, if it has one, like secretsmanager:rehome/old-client; name its ARN in secret_arns"
  type        = string
  default     = ""
}

variable "rehome_config" {
  description = "Where rehome.toml is, if not in the zip, like ssm:/rehome/toml; name its ARN in parameter_arns"
  type        = string
  default     = ""
}

variable "old_role_arn" {
  description = "Role to take on where the old pool is in another account (./old-account)"
  type        = string
  default     = ""
}

variable "old_external_id" {
  description = "External id that this role asks for"
  type        = string
  default     = ""
}

variable "parameter_arns" {
  description = "ARNs of the parameters that the settings name"
  type        = list(string)
  default     = []
}

variable "secret_arns" {
  description = "ARNs of the secrets that the settings name"
  type        = list(string)
  default     = []
}

variable "carries_groups" {
  description = "Whether attributes.keep_groups_as is set and the post authentication trigger attached"
  type        = bool
  default     = false
}

variable "function_name" {
  type    = string
  default = "CognitoUserMigration"
}

variable "architecture" {
  description = "The processor that the zip was made for: x86_64 or arm64"
  type        = string
  default     = "x86_64"

  validation {
    condition     = contains(["x86_64", "arm64"], var.architecture)
    error_message = "Write x86_64 or arm64."
  }
}

variable "reserved_concurrency" {
  description = "Invocations at once that are kept for this function, and are its most; -1 reserves none"
  type        = number
  default     = -1
}

variable "log_retention_in_days" {
  type    = number
  default = 30
}

variable "alarm_topic_arns" {
  description = "SNS topics that alarms go to"
  type        = list(string)
  default     = []
}

variable "dashboard" {
  type    = bool
  default = true
}
