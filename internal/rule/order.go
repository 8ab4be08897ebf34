package rule

import (
	"fmt"
	"slices"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/resource"
	"github.com/s3seal/s3seal/internal/template"
)

var orderRules = []Rule{
	{
		ID:       "made-before-policy",
		Severity: Warning,
		Reason:   "CloudFormation makes what doesn't wait for each other in any order: what a service checks against a policy when it is made fails if the policy comes later.",
		Source:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-dependson.html",
		Fix:      "Add DependsOn with the policy's logical id.",
		check: func(c *checker) {
			c.eachLog(c.checkLogOrder)
			c.each("AWS::S3::Bucket", c.checkNotificationOrder)
		},
	},
	{
		ID:       "principal-not-yet-made",
		Severity: Warning,
		Reason:   "A service refuses a policy whose principal is a role or user that doesn't exist yet, and CloudFormation makes what doesn't wait for each other in any order.",
		Source:   "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_policies.html",
		Fix:      "Name the role by Fn::GetAtt, or add DependsOn; or name the account's root with a condition on aws:PrincipalArn, which needs no role.",
		check: func(c *checker) {
			for _, p := range c.set.Policies {
				if p.Kind != resource.IdentityPolicy && p.Kind != resource.OtherResourcePolicy {
					c.checkPrincipalOrder(p)
				}
			}
		},
	},
}

// checkedWhenMade are what their services refuse to make for a bucket whose
// policy doesn't let the logs in.
// Sources: CreateTrail of awscloudtrail/latest/APIReference, PutDeliveryChannel
// of config/latest/APIReference, EnableLogging of redshift/latest/APIReference,
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
var checkedWhenMade = []string{
	"AWS::CloudTrail::Trail", "AWS::Config::DeliveryChannel", "AWS::ElasticLoadBalancing::LoadBalancer",
	"AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::Redshift::Cluster",
}

// checkLogOrder looks for the bucket's policy in the stack that sends the log.
// Where AWS adds the service's statement itself, the policy that it makes keeps
// CloudFormation from making its own (github.com/aws/aws-cdk/issues/18985).
func (c *checker) checkLogOrder(l sentLog) {
	checked := slices.Contains(checkedWhenMade, l.from.Type)
	if !checked && !l.traits.AddsStatement || checked && c.allowedByRole(l) {
		return
	}
	for _, p := range c.set.Policies {
		if p.Kind != resource.BucketPolicy || p.Resource.Stack() != l.from.Stack() || c.waitsFor(l.from, p.Resource) {
			continue
		}
		name, known := c.text(p.Resource, p.Properties().Get("Bucket"))
		switch {
		case !known || name != l.bucket || checked && !admitsWriter(p, l):
		case checked:
			c.findOrder(l.from, l.at, p.Resource, "it is refused while the bucket has no policy that lets it in")
		default:
			c.findOrder(l.from, l.at, p.Resource, "AWS adds a policy to a bucket that has none, and CloudFormation then can't make its own")
		}
	}
}

// allowedByRole: AWS Config needs no bucket policy if its recorder's role may
// write, which it tries first.
func (c *checker) allowedByRole(l sentLog) bool {
	if !l.traits.RecorderRole {
		return false
	}
	return slices.ContainsFunc(c.recorderRoles(l), func(arn string) bool {
		put := resource.Request{Caller: iam.RoleSession(arn, "session"), Action: "s3:PutObject", Resource: "arn:" + l.Partition + ":s3:::" + l.bucket + "/" + l.object, Policy: &iam.Source{}}
		d := c.set.Decide(put)
		return d.Allowed || len(d.Unread) > 0
	})
}

// admitsWriter says whether a statement is for the service, or for an account
// that it writes from.
func admitsWriter(p *resource.Policy, l sentLog) bool {
	return slices.ContainsFunc(p.Statements, func(s resource.Statement) bool {
		if s.Effect != iam.Allow || s.Principal == nil {
			return false
		}
		return admitsAll(s.Statement) || slices.Contains(s.Principal.Service, l.traits.Principal) ||
			l.traits.RegionalAccounts && len(s.Principal.AWS) > 0
	})
}

// findOrder reports that nothing makes a policy before r. A policy that waits
// for r can't be made before it.
func (c *checker) findOrder(r *template.Resource, at string, policy *template.Resource, why string) {
	if c.waitsFor(policy, r) {
		c.findWith(c.rule.Severity, fmt.Sprintf("Write out the name or ARN that %s refers to %s for, and add DependsOn: %s.", policy.LogicalID, r.LogicalID, policy.LogicalID),
			r, at, "it is made before %s, which refers to it: %s", policy.LogicalID, why)
		return
	}
	c.findWith(c.rule.Severity, "Add DependsOn: "+policy.LogicalID+".", r, at, "it may be made before %s: %s", policy.LogicalID, why)
}

// waitsFor says whether CloudFormation makes another resource of the stack
// before r.
func (d *deployment) waitsFor(r, other *template.Resource) bool {
	s := r.Stack()
	if d.needs[s] == nil {
		d.needs[s] = s.Needs()
	}
	seen := map[string]bool{}
	var reach func(id string) bool
	reach = func(id string) bool {
		for _, need := range d.needs[s][id] {
			if need == other.LogicalID {
				return true
			}
			if !seen[need] {
				seen[need] = true
				if reach(need) {
					return true
				}
			}
		}
		return false
	}
	return s == other.Stack() && reach(r.LogicalID)
}
