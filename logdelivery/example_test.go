package logdelivery_test

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/logdelivery"
	"github.com/s3seal/s3seal/policy"
)

// The policy of a bucket for the access logs of an account's Application Load
// Balancers, and what is said of a bucket that would not get them.
func Example() {
	albs := logdelivery.Delivery{
		Source:    logdelivery.ALBAccess,
		Partition: "aws", Account: "111122223333", Region: "eu-west-1",
		Prefix: "web",
	}
	bucket := logdelivery.Destination{
		Name: "acme-alb-logs", Account: "111122223333", Region: "eu-west-1",
		Encryption: encryption.SSES3,
	}
	if err := bucket.Check(albs); err != nil {
		fmt.Println(err)
		return
	}
	statements := policy.LogDelivery("arn:aws:s3:::acme-alb-logs", albs)
	out := json.NewEncoder(os.Stdout)
	out.SetIndent("", "  ")
	if err := out.Encode(policy.Document(statements...)); err != nil {
		fmt.Println(err)
	}

	bucket.Region = "us-east-1"
	fmt.Println(bucket.Check(albs))

	// Output:
	// {
	//   "Version": "2012-10-17",
	//   "Statement": [
	//     {
	//       "Sid": "LoadBalancerLogs",
	//       "Effect": "Allow",
	//       "Principal": {
	//         "Service": "logdelivery.elasticloadbalancing.amazonaws.com"
	//       },
	//       "Action": "s3:PutObject",
	//       "Resource": "arn:aws:s3:::acme-alb-logs/web/AWSLogs/111122223333/*",
	//       "Condition": {
	//         "ArnLike": {
	//           "aws:SourceArn": "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/*"
	//         }
	//       }
	//     }
	//   ]
	// }
	// ALB access logs of Region eu-west-1 arrive in a bucket of the same Region only, and this one is in us-east-1 (docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html): make a log bucket in each Region
}
