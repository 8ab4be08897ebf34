// Package dashboard makes the CloudWatch dashboard of a stage.
package dashboard

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/s3seal/s3seal/constructs/internal/refusal"
	"github.com/s3seal/s3seal/constructs/internal/resource"
)

// Props says what dashboard to make.
type Props struct {
	// Name is unique in the account, in whatever Region. Required.
	Name string

	// Body is the dashboard's body, in JSON. Required.
	Body string
}

// New makes the dashboard.
func New(scope constructs.Construct, id string, p Props) {
	refusal.Check("dashboard", scope, id,
		refusal.Missing("Name", p.Name, "a name that no other dashboard of the account has"),
		refusal.Missing("Body", p.Body, "the dashboard's body, in JSON"))
	resource.Make(scope, id, resource.Resource{
		Class: "aws_cloudwatch.CfnDashboard",
		Props: &awscloudwatch.CfnDashboardProps{DashboardName: &p.Name, DashboardBody: &p.Body},
	})
}
