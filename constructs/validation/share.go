package validation

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/s3seal/s3seal/internal/rule"
	"github.com/s3seal/s3seal/internal/shard"
)

// Join tries the rules on the assembly in the folder out, which was put together
// from those in shares, each made by an app with a plugin of NewShare. It writes
// the report that the CLI reads, and says what is violated, a line each, and
// whether that ends the synthesis.
func (p *Plugin) Join(out string, shares []string) (says []string, failed bool, err error) {
	report, err := shard.Judge(out, shares, Name, p.options)
	if err != nil {
		return nil, false, err
	}
	for _, plugin := range report.Plugins {
		for _, v := range plugin.Violations {
			for _, c := range v.Constructs {
				says = append(says, fmt.Sprintf("%s: %s: %s (%s) %s", v.Severity, place(c), v.Description, v.Rule, v.Fix))
			}
		}
	}
	return says, report.Failed(), nil
}

func place(c shard.Construct) string {
	if c.Path == "" && c.Resource != nil {
		return c.Resource.Template + ": " + c.Resource.LogicalID
	}
	return c.Path
}

// share is the plugin of an app that makes a share of the stages. The rules are
// tried on all stages together, later and elsewhere; but only the app knows what
// it acknowledges.
type share struct {
	rules *[]*string
}

// NewShare makes the plugin of an app that makes one share of the stages, for
// Plugin.Join. It reports each rule, of no resource: the CDK's report then says
// which of them the app acknowledges. The app must not fail on what it reports.
func NewShare() awscdk.IPolicyValidationPlugin { return &share{ruleIDs()} }

func (s *share) Name() *string       { return jsii.String(Name) }
func (s *share) Version() *string    { return nil }
func (s *share) RuleIds() *[]*string { return s.rules }

func (s *share) Validate(awscdk.IPolicyValidationContext) *awscdk.PolicyValidationPluginReport {
	violations := []*awscdk.PolicyViolation{}
	for _, id := range *s.rules {
		violations = append(violations, &awscdk.PolicyViolation{
			RuleName: id, Description: id, Severity: jsii.String(string(rule.Error)),
			ViolatingResources: &[]*awscdk.PolicyViolatingResource{},
		})
	}
	return &awscdk.PolicyValidationPluginReport{Success: jsii.Bool(false), Violations: &violations}
}
