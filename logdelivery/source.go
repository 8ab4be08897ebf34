package logdelivery

import "slices"

// Source is a kind of log together with the way in which it gets to the bucket.
type Source string

// The sources. "Vended" is delivery by CloudWatch Logs, set up with the resources
// AWS::Logs::DeliverySource, DeliveryDestination and Delivery.
const (
	S3ServerAccess       Source = "s3-server-access"
	S3ServerAccessVended Source = "s3-server-access-vended"
	S3Inventory          Source = "s3-inventory"
	S3Analytics          Source = "s3-analytics"
	StorageLens          Source = "s3-storage-lens"
	ALBAccess            Source = "alb-access"
	ALBConnection        Source = "alb-connection"
	ALBHealthCheck       Source = "alb-health-check"
	ALBAccessVended      Source = "alb-access-vended"
	ALBConnectionVended  Source = "alb-connection-vended"
	ALBHealthCheckVended Source = "alb-health-check-vended"
	NLBAccess            Source = "nlb-access"
	NLBAccessVended      Source = "nlb-access-vended"
	CLBAccess            Source = "clb-access"
	CloudFrontLegacy     Source = "cloudfront-legacy"
	CloudFrontV2         Source = "cloudfront-v2"
	VPCFlowLogs          Source = "vpc-flow-logs"
	CloudTrail           Source = "cloudtrail"
	Config               Source = "config"
	WAF                  Source = "waf"
	NetworkFirewall      Source = "network-firewall"
	ResolverQueryLogs    Source = "route53-resolver-query-logs"
)

// Sources returns all sources, in the order in which tables show them.
func Sources() []Source {
	list := make([]Source, len(matrix))
	for i, r := range matrix {
		list[i] = r.source
	}
	return list
}

// Traits is what the table says of a source, without what Lookup answers. Its slices
// are the package's own: clone what you change.
type Traits struct {
	// Family is what the source has in common with others.
	Family

	Title string // "ALB access logs"

	// Vended is the source that sends the same log by CloudWatch Logs; "" for
	// none.
	Vended Source

	// Setting is how a CloudFormation template sends the log.
	Setting Setting

	// FirstObject is what comes behind the folder in the key of an object that
	// has to arrive: the one that the service tries the bucket with, if it
	// does. {account}, {region}, {name} and {id} stand for what Delivery.Object
	// is told. PartitionedObject is that of paths by partition, "" where there
	// is no such option. What comes from delivery sources has neither, since
	// the path is an option of the delivery.
	FirstObject, PartitionedObject string

	// SameAccount and SameRegion say that the destination bucket must be in
	// the account and in the Region of what is logged.
	SameAccount, SameRegion bool

	// RefusedElsewhere says that AWS refuses a bucket of another account or
	// Region when the log is set up, so that a deployment fails. Of other
	// sources no page says whether that fails or the log is missing.
	RefusedElsewhere bool

	// NoObjectLock says that the destination can't have Object Lock,
	// NoDefaultRetention that it can have it without a default retention.
	NoObjectLock, NoDefaultRetention bool

	// KeyIDError is what the service answers when the bucket's default
	// encryption names its key by anything but its ARN; "" where it may.
	KeyIDError string

	// Sends is the x-amz-server-side-encryption that the service sends when the
	// log asks for no encryption itself; "" where no page says what it sends, or
	// whether it does. A log that asks for a key, or for SSE-S3, says so in the
	// header.
	Sends string

	// BucketNamePrefix is how the destination's name must begin; "" for any.
	BucketNamePrefix string

	// Page states the traits, below docs.aws.amazon.com.
	Page string
}

// refused ends a sentence about a bucket of another account or Region.
func (t Traits) refused() string {
	if t.RefusedElsewhere {
		return ", which AWS refuses when the log is set up"
	}
	return ""
}

// Of returns the traits of a source, and false for an unknown one.
func Of(s Source) (Traits, bool) {
	if i := find(s); i >= 0 {
		return matrix[i].Traits, true
	}
	return Traits{}, false
}

func find(s Source) int { return slices.IndexFunc(matrix, func(r row) bool { return r.source == s }) }
