package execution_test

import (
	"errors"
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/google/go-cmp/cmp"

	"github.com/s3seal/s3seal/internal/execution"
	"github.com/s3seal/s3seal/internal/template"
)

// live is a life of stacks with the policies, and no others, on their execution
// roles: a deployment, an update of every resource, the end; and, in another world,
// deployments that fail and take back what they made. The error is the first of what
// the roles may not do.
func live(t *testing.T, stacks []*template.Stack, policies []execution.Policies) error {
	t.Helper()
	w := newWorld(t, stacks, policies)
	for _, s := range stacks {
		if err := w.deploy(w.request(s, nil), false, types.StackStatusCreateComplete); err != nil {
			return fmt.Errorf("deploy: %w", err)
		}
	}
	for _, s := range stacks {
		r := w.request(s, change)
		r.tags = maps.Clone(r.tags)
		r.tags["team"] = "other"
		if err := w.deploy(r, true, types.StackStatusUpdateComplete); err != nil {
			return fmt.Errorf("update: %w", err)
		}
	}
	for _, s := range slices.Backward(stacks) {
		if err := w.delete(s); err != nil {
			return fmt.Errorf("destroy: %w", err)
		}
	}
	w = newWorld(t, stacks, policies)
	for _, s := range stacks {
		failing := w.request(s, func(all map[string]any) {
			all[fails] = map[string]any{
				"Type": "AWS::S3::Bucket", "DependsOn": slices.Sorted(maps.Keys(all)),
				"Properties": map[string]any{"BucketName": "of-nobody"},
			}
		})
		if err := w.deploy(failing, false, types.StackStatusRollbackComplete); err != nil {
			return fmt.Errorf("roll back: %w", err)
		}
		if err := errors.Join(w.delete(s), w.deploy(w.request(s, nil), false, types.StackStatusCreateComplete)); err != nil {
			return err // the next one needs its outputs
		}
	}
	return nil
}

// change changes every resource that a stack may have, in place, in what it says
// already.
func change(all map[string]any) {
	for _, v := range all {
		r := v.(map[string]any)
		properties := maps.Clone(r["Properties"].(map[string]any))
		r["Properties"] = properties
		document := func(name string) {
			changed := maps.Clone(properties[name].(map[string]any))
			changed["Id"] = "changed"
			properties[name] = changed
		}
		switch r["Type"] {
		case "AWS::S3::BucketPolicy", "AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy", "AWS::IAM::Policy":
			document("PolicyDocument")
		case "AWS::IAM::Role":
			document("AssumeRolePolicyDocument")
			if properties["Description"] != nil {
				properties["Description"] = "changed"
			}
		case "AWS::KMS::Key", "AWS::SecretsManager::Secret", "AWS::Events::Rule":
			properties["Description"] = "changed"
		case "AWS::Logs::LogGroup":
			properties["RetentionInDays"] = 365
		case "AWS::Logs::MetricFilter":
			properties["FilterPattern"] = `{ $.eventName = "PutObject" }`
		case "AWS::Lambda::Function":
			properties["Timeout"] = 11
		case "AWS::Lambda::EventSourceMapping":
			properties["BatchSize"] = 2
		case "AWS::SQS::Queue":
			properties["MessageRetentionPeriod"] = 1000
		case "AWS::SecretsManager::RotationSchedule":
			properties["RotationRules"] = map[string]any{"AutomaticallyAfterDays": 40}
		case "AWS::CloudWatch::Alarm":
			properties["AlarmDescription"] = "changed"
		case "AWS::CloudWatch::Dashboard":
			properties["DashboardBody"] = `{"widgets":[]}`
		case "AWS::StepFunctions::StateMachine":
			properties["DefinitionString"] = "{}"
		}
	}
}

// stage are the stacks of a stage of the examples.
func stage(t *testing.T, folder, name string) []*template.Stack {
	t.Helper()
	return slices.DeleteFunc(read(t, folder), func(s *template.Stack) bool { return s.OfStage() != name })
}

// TestRolesSuffice: with the generated policies and no others, every stage of the
// examples lives.
func TestRolesSuffice(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"dev", "prod", "full", "wide"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			stacks := stage(t, examples, name)
			if err := live(t, stacks, of(t, stacks...)); err != nil {
				t.Error(err)
			}
		})
	}
}

// every takes longer: a quarter of a second for each action.
var every = flag.Bool("every", false, "take each action of an execution role away, of three stages and in each account, not of one stage in one of them")

// TestRolesAreTight: without any one of the actions, a life of the stacks fails. The
// stacks are thinned, for the time that this takes; their roles have the actions of
// the whole ones.
func TestRolesAreTight(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("each action takes a life")
	}
	folder, taken := thinned(t), map[string]bool{}
	names := []string{"prod"}
	if *every {
		names = append(names, "full", "wide")
	}
	for _, name := range names {
		whole, stacks := stage(t, examples, name), stage(t, folder, name)
		all := of(t, stacks...)
		if diff := cmp.Diff(actions(of(t, whole...)), actions(all)); diff != "" {
			t.Fatalf("actions (- whole, + thinned):\n%s", diff)
		}
		for i, p := range all {
			for j, d := range p.Documents {
				for k, s := range d.Statement {
					for l, action := range s.Action {
						if taken[s.Sid+action] && !*every {
							continue
						}
						taken[s.Sid+action] = true
						without := slices.Clone(all)
						without[i].Documents = slices.Clone(p.Documents)
						kept := slices.Clone(d.Statement)
						if kept[k].Action = slices.Delete(slices.Clone(s.Action), l, l+1); len(kept[k].Action) == 0 {
							kept = slices.Delete(kept, k, k+1)
						}
						without[i].Documents[j].Statement = kept
						t.Run(strings.Join([]string{name, p.Account, s.Sid, action}, " "), func(t *testing.T) {
							t.Parallel()
							if err := live(t, stacks, without); err == nil {
								t.Error("nothing fails")
							}
						})
					}
				}
			}
		}
	}
}

// actions are those of policies, by account and Region.
func actions(all []execution.Policies) map[string][]string {
	byPlace := map[string][]string{}
	for _, p := range all {
		var list []string
		for _, d := range p.Documents {
			for _, s := range d.Statement {
				for _, a := range s.Action {
					list = append(list, s.Sid+" "+a)
				}
			}
		}
		slices.Sort(list)
		byPlace[p.Account+" "+p.Region] = list
	}
	return byPlace
}
