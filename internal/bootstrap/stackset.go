package bootstrap

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/execution"
	"github.com/s3seal/s3seal/internal/stage"
)

// StackSet bootstraps all environments whose policies are the same but for account
// and Region, by one template. It holds the execution policies too: a StackSet
// can't wait, in each account, for another.
type StackSet struct {
	Name         string
	Template     []byte
	Parameters   []byte // as the AWS CLI reads them of a file
	Environments []*Environment
}

// variant tells the CDK's CLI that the template isn't its own, so that it doesn't
// overwrite the stack.
const variant = "s3seal: with execution policies"

// PerStage generates the execution policies of one stage, by environment.
type PerStage func(s *stage.Stage) (map[stage.Environment][]iam.Document, error)

// StackSets makes as few of them as there are kinds of environments in the plan.
// bootstrap is the template of the CDK's CLI, in JSON.
func (p *Plan) StackSets(file *stage.File, bootstrap []byte, generate PerStage) ([]StackSet, error) {
	statements := map[stage.Environment][]iam.Statement{}
	if len(p.Settings.ExecutionPolicies) == 0 {
		for i := range file.Stages {
			s := &file.Stages[i]
			all, err := generate(s)
			if err != nil {
				return nil, err
			}
			for e, documents := range all {
				statements[e] = append(statements[e], widen(documents, s, e)...)
			}
		}
	}
	byPolicies := map[string]int{}
	var sets []StackSet
	for _, e := range p.Environments {
		documents, err := execution.Split(unite(statements[e.Environment]))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", e.URL(), err)
		}
		key, err := json.Marshal(documents)
		if err != nil {
			return nil, err
		}
		i, found := byPolicies[string(key)]
		if !found {
			i = len(sets)
			byPolicies[string(key)] = i
			set := StackSet{Name: fmt.Sprintf("s3seal-bootstrap-%s-%d", p.Settings.Qualifier, i+1)}
			if set.Template, err = p.stackSetTemplate(bootstrap, documents); err != nil {
				return nil, err
			}
			if set.Parameters, err = p.stackSetParameters(e); err != nil {
				return nil, err
			}
			sets = append(sets, set)
		}
		sets[i].Environments = append(sets[i].Environments, e)
	}
	return sets, nil
}

// stackSetTemplate is the CDK's template with the policies in it, which its role
// has instead of those that a parameter names.
func (p *Plan) stackSetTemplate(bootstrap []byte, documents []iam.Document) ([]byte, error) {
	var t map[string]any
	if err := json.Unmarshal(bootstrap, &t); err != nil {
		return nil, fmt.Errorf("the template of cdk bootstrap: %w", err)
	}
	at := func(path ...string) map[string]any {
		m := t
		for _, name := range path {
			m, _ = m[name].(map[string]any)
		}
		return m
	}
	resources, role, named := at("Resources"), at("Resources", "CloudFormationExecutionRole", "Properties"), at("Parameters", "BootstrapVariant")
	if resources == nil || role == nil || named == nil {
		return nil, fmt.Errorf("the template of cdk bootstrap has no CloudFormationExecutionRole or no BootstrapVariant: use the CDK's CLI that package.json pins")
	}
	var refs []any
	for _, arn := range p.Settings.ExecutionPolicies {
		refs = append(refs, substituted(strings.NewReplacer("{account}", "${AWS::AccountId}", "{partition}", "${AWS::Partition}").Replace(arn)))
	}
	for i, d := range documents {
		var document any
		text, err := json.Marshal(d)
		if err == nil {
			err = json.Unmarshal(text, &document)
		}
		if err != nil {
			return nil, err
		}
		id := fmt.Sprintf("ExecutionPolicy%d", i+1)
		resources[id] = map[string]any{"Type": "AWS::IAM::ManagedPolicy", "Properties": map[string]any{
			"ManagedPolicyName": substituted(fmt.Sprintf("%s-${AWS::Region}-%d", p.policyStack(), i+1)), "PolicyDocument": substituted(document)}}
		refs = append(refs, map[string]any{"Ref": id})
	}
	role["ManagedPolicyArns"], named["Default"] = refs, variant
	text, err := json.Marshal(t)
	if err == nil && len(text) > mostTemplate {
		err = fmt.Errorf("the StackSet's template has %d bytes, and %d is the most that fits into a request: write broader policies yourself, in bootstrap.executionPolicies", len(text), mostTemplate)
	}
	return text, err
}

// substituted puts Fn::Sub around every text that has a pseudo parameter.
func substituted(v any) any {
	switch v := v.(type) {
	case string:
		if strings.Contains(v, "${") {
			return map[string]any{"Fn::Sub": v}
		}
	case []any:
		for i := range v {
			v[i] = substituted(v[i])
		}
	case map[string]any:
		for key := range v {
			v[key] = substituted(v[key])
		}
	}
	return v
}

// stackSetParameters are the template's parameters. What stages.yaml leaves as it
// is, the CDK's CLI would choose: no customer managed key.
func (p *Plan) stackSetParameters(e *Environment) ([]byte, error) {
	want := p.parameters(e)
	delete(want, "CloudFormationExecutionPolicies") // those are in the template
	for name, value := range map[string]string{"FileAssetsBucketKmsKeyId": "AWS_MANAGED_KEY", "TrustedAccounts": "", "TrustedAccountsForLookup": ""} {
		if _, said := want[name]; !said {
			want[name] = value
		}
	}
	type parameter struct{ ParameterKey, ParameterValue string }
	var list []parameter
	for _, name := range slices.Sorted(maps.Keys(want)) {
		list = append(list, parameter{name, want[name]})
	}
	return json.MarshalIndent(list, "", "  ")
}

// Commands make the StackSet, and its stacks Region by Region. units are the
// organizational units of the accounts; without them, the StackSet is one with
// permissions of its own.
func (s *StackSet) Commands(folder string, units []string) []Command {
	create := Command{"aws", "cloudformation", "create-stack-set", "--stack-set-name", s.Name,
		"--template-body", "file://" + filepath.Join(folder, s.Name+".json"), "--parameters", "file://" + filepath.Join(folder, s.Name+"-parameters.json"),
		"--capabilities", "CAPABILITY_NAMED_IAM"}
	if len(units) > 0 {
		create = append(create, "--permission-model", "SERVICE_MANAGED", "--auto-deployment", "Enabled=false")
	}
	commands := []Command{create}
	for _, region := range s.regions() {
		c := Command{"aws", "cloudformation", "create-stack-instances", "--stack-set-name", s.Name, "--regions", region, "--operation-preferences", "FailureToleranceCount=4,MaxConcurrentCount=5"}
		if len(units) > 0 {
			c = append(c, "--deployment-targets", "file://"+filepath.Join(folder, s.targets(region)))
		} else {
			c = append(append(c, "--accounts"), s.accounts(region)...)
		}
		commands = append(commands, c)
	}
	return commands
}

func (s *StackSet) targets(region string) string { return s.Name + "-targets-" + region + ".json" }

func (s *StackSet) regions() []string {
	var list []string
	for _, e := range s.Environments {
		if !slices.Contains(list, e.Region) {
			list = append(list, e.Region)
		}
	}
	return list
}

func (s *StackSet) accounts(region string) []string {
	var list []string
	for _, e := range s.Environments {
		if e.Region == region {
			list = append(list, e.Account)
		}
	}
	return list
}

// Write writes the files that the commands name.
func (s *StackSet) Write(folder string, units []string) error {
	files := map[string][]byte{s.Name + ".json": s.Template, s.Name + "-parameters.json": s.Parameters}
	if len(units) > 0 {
		for _, region := range s.regions() {
			text, err := json.MarshalIndent(map[string]any{"OrganizationalUnitIds": units, "Accounts": s.accounts(region), "AccountFilterType": "INTERSECTION"}, "", "  ")
			if err != nil {
				return err
			}
			files[s.targets(region)] = text
		}
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), append(text, '\n'), 0o644); err != nil {
			return err
		}
	}
	return nil
}
