package identity

import (
	"strings"
	"sync"
	"time"

	"github.com/s3seal/s3seal/iam/managedpolicy"
)

// awsManaged is the AWS managed policy of an ARN; nil for those whose text isn't
// known, which don't exist here, so that attaching one is refused. Every call of a
// user may ask for one, and it is made once.
func awsManaged(arn string) *managedPolicy {
	if made, ok := awsManagedPolicies.Load(arn); ok {
		return made.(*managedPolicy)
	}
	p, ok := managedpolicy.Find(arn)
	if !ok {
		return nil
	}
	_, path, _ := strings.Cut(strings.TrimSuffix(arn, p.Name()), "policy")
	made, _ := awsManagedPolicies.LoadOrStore(arn, &managedPolicy{
		arn: arn, id: "ANPAAWSMANAGED" + p.Name(), path: path, name: p.Name(),
		created: time.Date(2015, time.February, 6, 0, 0, 0, 0, time.UTC),
		policy:  policy{text: documentText(p.Document), document: p.Document},
	})
	return made.(*managedPolicy)
}

var awsManagedPolicies sync.Map // by ARN
