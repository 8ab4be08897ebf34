package rule

import (
	"maps"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/question"
	"github.com/s3seal/s3seal/internal/resource"
)

// loadBalancers are the accounts, by Region, from which Elastic Load Balancing
// delivers access logs in the Regions that are older than August 2022. AWS's own
// page tells customers to write them into policies.
// Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
var loadBalancers = map[string]string{
	"us-east-1":      "127311923021",
	"us-east-2":      "033677994240",
	"us-west-1":      "027434742980",
	"us-west-2":      "797873946194",
	"af-south-1":     "098369216593",
	"ap-east-1":      "754344448648",
	"ap-southeast-3": "589379963580",
	"ap-south-1":     "718504428378",
	"ap-northeast-3": "383597477331",
	"ap-northeast-2": "600734575887",
	"ap-southeast-1": "114774131450",
	"ap-southeast-2": "783225319266",
	"ap-northeast-1": "582318560864",
	"ca-central-1":   "985666609251",
	"eu-central-1":   "054676820928",
	"eu-west-1":      "156460612806",
	"eu-west-2":      "652711504416",
	"eu-south-1":     "635631232127",
	"eu-west-3":      "009996457667",
	"eu-north-1":     "897822967062",
	"me-south-1":     "076674570225",
	"sa-east-1":      "507241528517",
	"us-gov-west-1":  "048591011584",
	"us-gov-east-1":  "190560391635",
	"cn-north-1":     "638102146993",
	"cn-northwest-1": "037604701340",
}

// elsewhere says where the bucket's policy lets load balancers write, if not in
// their own Region: a policy with the account of another Region is right there,
// and whoever reads the finding has to know which of the two is meant.
func (c *checker) elsewhere(l sentLog, b *resource.Bucket) string {
	if !l.traits.RegionalAccounts {
		return ""
	}
	var admitted []string
	for _, region := range slices.Sorted(maps.Keys(loadBalancers)) {
		account := loadBalancers[region]
		denied := slices.ContainsFunc(l.bucketRequests(b, nil), func(ask logRequest) bool {
			return !c.set.Decide(resource.Request{Caller: question.Root(l.Partition, account), Action: ask.action, Resource: ask.arn, Context: ask.context}).Allowed
		})
		if !denied {
			admitted = append(admitted, region+" ("+account+")")
		}
	}
	if len(admitted) == 0 {
		return ""
	}
	return "; the policy admits the load balancers of " + strings.Join(admitted, ", ") + ", and not those of " + l.Region
}
