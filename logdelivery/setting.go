package logdelivery

// Setting is how a CloudFormation template sends a log to a bucket: where it
// says what. Each place is a dotted path below the resource's properties or,
// with List, below each element of that list; "" where there is none.
//
// Source: the page of the resource type in
// AWSCloudFormation/latest/TemplateReference.
type Setting struct {
	Type string // of the resource: "AWS::EC2::FlowLog"
	List string

	// Attributes is a list of mappings with Key and Value, in which places
	// other than Name are keys.
	Attributes string

	// On is a flag that must be true, or a mapping that must be there, for
	// anything to be sent. Default: it is sent wherever there is a Destination.
	On string

	// Destination is the bucket's name, its domain name, or its ARN, with a
	// prefix behind it or without. Another ARN is another kind of destination.
	// Default: the element of List itself. ToItself says that without one the
	// resource is its own destination.
	Destination string
	ToItself    bool

	Prefix string

	// Partitioned is a flag that is true, or a mapping that is there, for the
	// paths of Traits.PartitionedObject.
	Partitioned string

	// Name and ID are {name} and {id} in Family.ARN and Traits.FirstObject.
	// Default of Name: what Ref gives. NameInARN is the part of the ARN that
	// stands for {name}, if it holds more than the name.
	Name, ID, NameInARN string

	// KMSKey is the key that the log itself asks for, by ARN, id or alias;
	// SSES3 is there when it asks for SSE-S3.
	KMSKey, SSES3 string

	// LogType is that of the delivery source of an AWS::Logs::Delivery, which
	// has none of the places above: it refers to its source and destination.
	LogType string

	// Of is the Type of the load balancer, or the service in the ARN of what
	// the delivery source is for: "network", "cloudfront". Default: any.
	Of string
}

// delivered is the setting of a log with a delivery source.
// Source: AmazonCloudWatchLogs/latest/APIReference/API_PutDeliverySource.html.
func delivered(logType, of string) Setting {
	return Setting{Type: "AWS::Logs::Delivery", LogType: logType, Of: of}
}

// attribute is the setting of a load balancer's log.
// Source: elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html.
func attribute(log, of string) Setting {
	return Setting{
		Type: "AWS::ElasticLoadBalancingV2::LoadBalancer", Attributes: "LoadBalancerAttributes", Of: of,
		On: log + ".s3.enabled", Destination: log + ".s3.bucket", Prefix: log + ".s3.prefix",
		Name: "Name", NameInARN: "app/{name}/0123456789abcdef",
	}
}
