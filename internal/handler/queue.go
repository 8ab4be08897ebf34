package handler

// Sources: SQS developer guide, sqs-api-permissions-reference; SNS developer guide,
// sns-access-policy-language-api-permissions-reference.
var queueKinds = []Kind{{
	Type: "AWS::SQS::Queue", Own: []string{"arn:{partition}:sqs:{region}:{account}:{name}"}, Name: "QueueName",
	uses: map[string]use{
		"sqs:TagQueue":   {when: tags},
		"sqs:UntagQueue": {when: tags},
	},
}, {
	Type: "AWS::SQS::QueuePolicy", Own: []string{"{Queues}"},
}, {
	Type: "AWS::SNS::Topic", Own: []string{"arn:{partition}:sns:{region}:{account}:{name}"}, Name: "TopicName",
	uses: map[string]use{
		"iam:GetRole":                 {when: "DeliveryStatusLogging", open: "which roles log the deliveries isn't known here"},
		"iam:PassRole":                {when: "DeliveryStatusLogging", open: "which roles log the deliveries isn't known here"},
		"sns:PutDataProtectionPolicy": {when: "DataProtectionPolicy"},
		"sns:Subscribe":               {when: "Subscription"},
		"sns:Unsubscribe":             {when: "Subscription"},
		"sns:TagResource":             {when: tags},
		"sns:UntagResource":           {when: tags},
	},
}, {
	Type: "AWS::SNS::TopicPolicy", Own: []string{"{Topics}"},
}, {
	Type: "AWS::SNS::Subscription", Own: []string{"{TopicArn}"},
	uses: map[string]use{
		"iam:GetRole":  {when: "SubscriptionRoleArn", on: "{SubscriptionRoleArn}"},
		"iam:PassRole": {when: "SubscriptionRoleArn", on: "{SubscriptionRoleArn}", pass: "sns.amazonaws.com"},
		// The rest of a subscription can't be changed.
		"sns:SetSubscriptionAttributes": {when: "DeliveryPolicy FilterPolicy FilterPolicyScope RawMessageDelivery RedrivePolicy ReplayPolicy SubscriptionRoleArn"},
	},
}}
