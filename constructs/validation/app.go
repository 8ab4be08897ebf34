package validation

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/s3seal/s3seal/constructs/internal/resource"
	"github.com/s3seal/s3seal/internal/shard"
)

// Synth synthesizes an app for Join, and returns the folder of its assembly. The
// app has no plugin of these rules: around one, the CDK hashes every file of the
// assembly, assets too, twice.
func Synth(app awscdk.App) (dir string, err error) {
	dir = *app.Synth(nil).Directory()
	return dir, shard.Acknowledge(dir, resource.Acknowledged(app, Name))
}

// Join tries the rules on the assembly in the folder out, which is the one that
// Synth made, or was put together from several, each of an app that has a share of
// the stages. It writes the report that the CLI reads, and says what is violated, a
// line each, and whether that ends the synthesis.
func (p *Plugin) Join(out string, shares ...string) (says []string, failed bool, err error) {
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
