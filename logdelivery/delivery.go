package logdelivery

// Delivery is one source's log of one account and Region, as far as a bucket's
// and a key's policy have to know it. Account, Region and ARNs may be CDK tokens
// where they only go into policies; Destination.Check compares them.
type Delivery struct {
	Source    Source
	Partition string // "aws"
	Account   string // 12 digits, of what is logged

	// Region is that of what is logged. For CloudFrontV2 it is us-east-1,
	// where CloudFront's delivery sources are.
	Region string

	// SourceARNs are what the service sends as aws:SourceArn: buckets, load
	// balancers, the trail, the dashboard; for what CloudWatch Logs delivers,
	// delivery sources. Default: all of the account and Region, but for
	// sources with Traits.NamesSource, which have no such default.
	SourceARNs []string

	// Prefix is the folder that the logs are sent to, without a slash at its
	// ends. Default: none.
	Prefix string
}

// ARNs are the patterns of aws:SourceArn that the delivery comes with.
//
// Sources: the pages of the sources' Traits, and for vended logs
// AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-S3.html and -V2-S3.html.
// AWS Config's two pages disagree about the end of its ARN; the pattern here
// matches both.
func (d Delivery) ARNs() []string {
	if len(d.SourceARNs) > 0 {
		return d.SourceARNs
	}
	of := func(service, resource string) []string {
		return []string{"arn:" + d.Partition + ":" + service + ":" + d.Region + ":" + d.Account + ":" + resource}
	}
	switch d.Source {
	case StorageLens:
		return of("s3", "storage-lens/*")
	case ALBAccess, ALBConnection, ALBHealthCheck, CLBAccess:
		return of("elasticloadbalancing", "loadbalancer/*")
	case NLBAccess, VPCFlowLogs, WAF, ResolverQueryLogs:
		return of("logs", "*")
	case S3ServerAccessVended, ALBAccessVended, ALBConnectionVended, ALBHealthCheckVended, NLBAccessVended, CloudFrontV2:
		return of("logs", "delivery-source:*")
	case Config:
		return of("config", "*")
	}
	return nil
}

// Keys are the patterns of the object keys that the delivery writes. They hold
// the account of what is logged wherever the service puts it there, so that one
// account's logs never lie among another's.
//
// A prefix comes before "AWSLogs/<account>/", except for what CloudWatch Logs
// delivers from delivery sources, where it replaces that path. The second form,
// "aws-account-id=<account>", is that of Hive-compatible paths, an option of the
// delivery and of a flow log that a bucket's policy can't see.
//
// Sources: as of ARNs, and vpc/latest/userguide/flow-logs-s3-permissions.html.
func (d Delivery) Keys() []string {
	folder := ""
	if d.Prefix != "" {
		folder = d.Prefix + "/"
	}
	plain, hive := folder+"AWSLogs/"+d.Account+"/", folder+"AWSLogs/aws-account-id="+d.Account+"/"
	switch d.Source {
	case S3ServerAccess, S3Inventory, S3Analytics:
		return []string{folder + "*"}
	case StorageLens:
		return []string{folder + "StorageLens/" + d.Account + "/*"}
	case Config:
		return []string{plain + "Config/*"}
	case VPCFlowLogs:
		return []string{plain + "*", hive + "*"}
	case S3ServerAccessVended, ALBAccessVended, ALBConnectionVended, ALBHealthCheckVended, NLBAccessVended, CloudFrontV2:
		if folder != "" {
			return []string{folder + "*"}
		}
		return []string{plain + "*", hive + "*"}
	}
	return []string{plain + "*"}
}
