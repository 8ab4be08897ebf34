package iam

import "strings"

// rcpServices are the services whose actions resource control policies apply
// to; to all others an RCP means nothing.
//
// Source: AWS Organizations user guide, orgs_manage_policies_rcps, "List of AWS
// services that support RCPs", read in autumn 2026.
var rcpServices = serviceSet(`
	aoss appconfig appstream autoscaling autoscaling-plans budgets clouddirectory
	cloudfront cloudsearch cloudtrail-data codeartifact codebuild codecommit
	codepipeline cognito-identity cognito-idp comprehend comprehendmedical
	compute-optimizer cost-optimization-hub dax dsql dynamodb ecr ecr-public
	events firehose fis fms gamelift health inspector-scan kendra kinesisvideo kms
	logs memorydb networkmonitor notifications opensearch pca-connector-ad
	personalize polly pricing resource-groups rolesanywhere s3 secretsmanager
	servicediscovery signin sqs sts support swf textract timestream-influxdb
	transcribe transfer translate wafv2 workspaces xray`)

func serviceSet(names string) map[string]bool {
	set := map[string]bool{}
	for _, n := range strings.Fields(names) {
		set[n] = true
	}
	return set
}

// rcpsApply: RCPs limit whoever calls, services and anonymous callers too, but
// neither service-linked roles, nor a service that assumes its own, nor the use of
// AWS managed keys. Of those only the alias tells: whoever asks about such a key by
// its ID leaves the RCPs out.
func rcpsApply(req *Request) bool {
	c := req.Caller
	switch service(req.Action) {
	case "kms":
		if strings.EqualFold(req.Action, "kms:RetireGrant") || strings.Contains(req.Resource, ":alias/aws/") {
			return false
		}
	case "sts":
		if c.kind == serviceCaller && linkedTo(req.Resource) == c.service {
			return false
		}
	}
	return rcpServices[service(req.Action)] && !c.serviceLinked()
}
