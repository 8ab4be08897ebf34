package handler

// The page says that cloudwatch:DescribeAlarms on less than "*" shows no composite
// alarms, and not what it is asked on for one alarm by name: it is on all.
//
// Sources: CloudWatch user guide, permissions-reference-cw; EventBridge user guide,
// eb-use-identity-based.
var alarmKinds = []Kind{{
	Type: "AWS::CloudWatch::Alarm", Own: []string{"arn:{partition}:cloudwatch:{region}:{account}:alarm:{name}"}, Name: "AlarmName",
	uses: map[string]use{
		"cloudwatch:DescribeAlarms": {on: Any},
		"cloudwatch:TagResource":    {when: tags},
		"cloudwatch:UntagResource":  {when: tags},
	},
}, {
	Type: "AWS::CloudWatch::Dashboard", Own: []string{"arn:{partition}:cloudwatch::{account}:dashboard/{name}"}, Name: "DashboardName",
}, {
	Type: "AWS::Events::Rule", Own: []string{"arn:{partition}:events:{region}:{account}:rule/{name}"}, Name: "Name",
	uses: map[string]use{
		"iam:PassRole":         {when: "RoleArn Targets.RoleArn", on: "{RoleArn Targets.RoleArn}", pass: "events.amazonaws.com"},
		"events:PutTargets":    {when: "Targets"},
		"events:RemoveTargets": {when: "Targets"},
	},
}}
