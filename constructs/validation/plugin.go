// Package validation runs s3seal's rules inside `cdk synth`, on every stack of
// the app, whoever wrote it: an error ends the synthesis, and so the deployment,
// with the construct's path and what to do.
//
//	rules, err := validation.New(validation.Options{})
//	awscdk.Validations_Of(app).AddPlugins(rules)
//
// A finding that does not apply is acknowledged where the resource is made:
//
//	awscdk.Validations_Of(bucket).Acknowledge(&awscdk.Acknowledgment{
//		Id: jsii.String("s3seal::bucket-retained"), Reason: jsii.String("…"),
//	})
//
// What an update would lose, such as a replaced bucket, is acknowledged in
// stages.yaml instead, each change once: an acknowledgement here would cover
// every later one too, and `make snapshots` does not read it.
package validation

import (
	"path/filepath"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/s3seal/s3seal/internal/rule"
	"github.com/s3seal/s3seal/internal/template"
)

// Name is the plugin's name, and the prefix of what is acknowledged.
const Name = "s3seal"

// Plugin implements awscdk.IPolicyValidationPlugin. It has a field, as every
// struct that is handed to jsii must: two empty ones would share an address,
// and be one object to it.
type Plugin struct {
	options rule.Options
}

// New makes the plugin. It reads the folder that the options name, and does not
// ask the CDK's kernel.
func New(o Options) (*Plugin, error) {
	options, err := o.rules()
	return &Plugin{options}, err
}

func (p *Plugin) Name() *string    { return jsii.String(Name) }
func (p *Plugin) Version() *string { return nil }

func (p *Plugin) RuleIds() *[]*string {
	var ids []*string
	for _, r := range rule.All() {
		ids = append(ids, jsii.String(r.ID))
	}
	return &ids
}

// Validate checks the templates that the app has written, as the assembly's
// manifest lists them. It asks the CDK one thing only: each call to the kernel
// from inside of its call to the plugin nests, StackTemplates makes several for
// every stack, and some hundreds of stacks overflow the kernel's own stack.
func (p *Plugin) Validate(c awscdk.IPolicyValidationContext) *awscdk.PolicyValidationPluginReport {
	assembly, err := template.ReadAssembly(root((*c.TemplatePaths())[0]))
	if err != nil {
		return &awscdk.PolicyValidationPluginReport{
			Success: jsii.Bool(false),
			Violations: &[]*awscdk.PolicyViolation{{
				RuleName:           jsii.String("template-readable"),
				Description:        jsii.String(err.Error()),
				ViolatingResources: &[]*awscdk.PolicyViolatingResource{},
			}},
		}
	}
	// Warnings are shown and do not end the synthesis.
	violations, success := []*awscdk.PolicyViolation{}, true
	for _, f := range rule.Check(assembly.Stacks, p.options).Findings {
		success = success && f.Severity != rule.Error
		violations = append(violations, &awscdk.PolicyViolation{
			RuleName:           jsii.String(f.Rule),
			Description:        jsii.String(f.Text()),
			Fix:                jsii.String(f.Fix),
			Severity:           jsii.String(string(f.Severity)),
			ViolatingResources: &[]*awscdk.PolicyViolatingResource{violating(f)},
		})
	}
	return &awscdk.PolicyValidationPluginReport{Success: &success, Violations: &violations}
}

// violating is the resource of a finding; a finding of a stack as a whole names
// the stack itself, since the CLI shows none without.
func violating(f rule.Finding) *awscdk.PolicyViolatingResource {
	id := f.LogicalID
	if id == "" {
		id = f.Stack
	}
	return &awscdk.PolicyViolatingResource{
		ResourceLogicalId: jsii.String(id),
		TemplatePath:      jsii.String(f.Template),
		Locations:         jsii.Strings(f.PropertyPath),
	}
}

// root is the folder of the app's assembly, given a template of it: those of a
// cdk.Stage are nested, a folder "assembly-..." each.
func root(templatePath *string) string {
	dir := filepath.Dir(*templatePath)
	for strings.HasPrefix(filepath.Base(dir), "assembly-") {
		dir = filepath.Dir(dir)
	}
	return dir
}
