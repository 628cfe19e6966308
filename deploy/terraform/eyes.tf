# Alarms and the dashboard.

resource "aws_cloudwatch_metric_alarm" "could_not_ask" {
  alarm_name          = "${var.function_name}-could-not-ask"
  alarm_description   = "The old directory cannot be asked; people read \"try again later\". See the causes in the function's log."
  namespace           = "Rehome"
  metric_name         = "CouldNotAsk"
  dimensions          = { UserPool = var.new_user_pool_id }
  statistic           = "Average"
  period              = 60
  evaluation_periods  = 5
  datapoints_to_alarm = 3
  threshold           = 0.05
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_topic_arns
}

# A refusal is an answer, and counts as an error of the Lambda function. What is left are invocations that never decided. A
# try on the border of two periods counts in either, hence the threshold.
resource "aws_cloudwatch_metric_alarm" "no_decision" {
  alarm_name          = "${var.function_name}-no-decision"
  alarm_description   = "Invocations end without a decision - a crash, a time-out, settings that keep the function from starting."
  evaluation_periods  = 1
  threshold           = 3
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_topic_arns

  metric_query {
    id          = "undecided"
    expression  = "FILL(errors,0)-FILL(refused,0)-FILL(asked,0)-FILL(strange,0)-FILL(observed,0)"
    label       = "errors without a decision"
    return_data = true
  }

  metric_query {
    id = "errors"
    metric {
      namespace   = "AWS/Lambda"
      metric_name = "Errors"
      dimensions  = { FunctionName = var.function_name }
      stat        = "Sum"
      period      = 300
    }
  }

  metric_query {
    id = "refused"
    metric {
      namespace   = "Rehome"
      metric_name = "Decisions"
      dimensions  = { UserPool = var.new_user_pool_id, Outcome = "refused" }
      stat        = "Sum"
      period      = 300
    }
  }

  metric_query {
    id = "asked"
    metric {
      namespace   = "Rehome"
      metric_name = "Decisions"
      dimensions  = { UserPool = var.new_user_pool_id, Outcome = "could_not_ask" }
      stat        = "Sum"
      period      = 300
    }
  }

  metric_query {
    id = "strange"
    metric {
      namespace   = "Rehome"
      metric_name = "Decisions"
      dimensions  = { UserPool = var.new_user_pool_id, Outcome = "not_an_event" }
      stat        = "Sum"
      period      = 300
    }
  }

  metric_query {
    id = "observed"
    metric {
      namespace   = "Rehome"
      metric_name = "Decisions"
      dimensions  = { UserPool = var.new_user_pool_id, Outcome = "observed" }
      stat        = "Sum"
      period      = 300
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "slow" {
  alarm_name          = "${var.function_name}-slow"
  alarm_description   = "One try in a hundred takes nearly all of the time that Cognito waits; soon it asks again, and the old directory counts wrong passwords."
  namespace           = "AWS/Lambda"
  metric_name         = "Duration"
  dimensions          = { FunctionName = var.function_name }
  extended_statistic  = "p99"
  period              = 60
  evaluation_periods  = 5
  datapoints_to_alarm = 3
  threshold           = 4000
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_topic_arns
}

resource "aws_cloudwatch_metric_alarm" "throttled" {
  alarm_name          = "${var.function_name}-throttled"
  alarm_description   = "Lambda turns invocations away; raise the reserved concurrency or the account's limit."
  namespace           = "AWS/Lambda"
  metric_name         = "Throttles"
  dimensions          = { FunctionName = var.function_name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_topic_arns
}

resource "aws_cloudwatch_metric_alarm" "configuration" {
  alarm_name          = "${var.function_name}-configuration"
  alarm_description   = "Settings, levers or a secret cannot be read again; the last good ones are in force."
  namespace           = "Rehome"
  metric_name         = "ConfigurationTrouble"
  dimensions          = { UserPool = var.new_user_pool_id }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 2
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_topic_arns
}

resource "aws_cloudwatch_dashboard" "function" {
  count          = var.dashboard ? 1 : 0
  dashboard_name = var.function_name
  dashboard_body = templatefile("${path.module}/../dashboards/cloudwatch.json", {
    FunctionName = var.function_name
    UserPoolId   = var.new_user_pool_id
    Region       = local.region
  })
}
