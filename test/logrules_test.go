package test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awselasticloadbalancingv2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"

	"github.com/s3seal/s3seal/constructs/validation"
	"github.com/s3seal/s3seal/internal/rule"
)

// theirStack is a stack of somebody who knows nothing of this program.
func theirStack(app awscdk.App, name string) awscdk.Stack {
	return awscdk.NewStack(app, &name, &awscdk.StackProps{
		Env: &awscdk.Environment{Account: jsii.String("111122223333"), Region: jsii.String("ap-northeast-3")},
	})
}

func theirLogBucket(s awscdk.Stack, encryption awss3.BucketEncryption) awss3.Bucket {
	return awss3.NewBucket(s, jsii.String("Logs"), &awss3.BucketProps{
		BucketName: jsii.String("their-logs"), Encryption: encryption, EnforceSSL: jsii.Bool(true),
	})
}

// admitLoadBalancers is the statement of AWS's page on ALB access logs.
func admitLoadBalancers(b awss3.Bucket) {
	b.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Principals: &[]awsiam.IPrincipal{awsiam.NewServicePrincipal(jsii.String("logdelivery.elasticloadbalancing.amazonaws.com"), nil)},
		Actions:    jsii.Strings("s3:PutObject"),
		Resources:  &[]*string{b.ArnForObjects(jsii.String("AWSLogs/111122223333/*"))},
		Conditions: &map[string]any{"ArnLike": map[string]any{
			"aws:SourceArn": "arn:aws:elasticloadbalancing:ap-northeast-3:111122223333:loadbalancer/*",
		}},
	}))
}

func theirLoadBalancer(s awscdk.Stack, logs awss3.Bucket) {
	attribute := func(key string, value *string) *awselasticloadbalancingv2.CfnLoadBalancer_LoadBalancerAttributeProperty {
		return &awselasticloadbalancingv2.CfnLoadBalancer_LoadBalancerAttributeProperty{Key: &key, Value: value}
	}
	awselasticloadbalancingv2.NewCfnLoadBalancer(s, jsii.String("Web"), &awselasticloadbalancingv2.CfnLoadBalancerProps{
		Subnets: &[]any{"subnet-0123456789abcdef0", "subnet-0123456789abcdef1"},
		LoadBalancerAttributes: &[]any{
			attribute("access_logs.s3.enabled", jsii.String("true")),
			attribute("access_logs.s3.bucket", logs.BucketName()),
		},
	})
}

// The logs of a load balancer that anybody's stack sends to a bucket that can't
// receive them would be missing when somebody needs them; nothing else tells.
func TestRulesEndTheSynthesisOfLogsThatNeverArrive(t *testing.T) {
	for _, where := range []struct {
		name   string
		stacks func(awscdk.App) (web, logs awscdk.Stack)
	}{
		{"in one stack", func(app awscdk.App) (web, logs awscdk.Stack) {
			s := theirStack(app, "web")
			return s, s
		}},
		{"in another stack", func(app awscdk.App) (web, logs awscdk.Stack) {
			return theirStack(app, "web"), theirStack(app, "logs")
		}},
	} {
		for _, tt := range []struct {
			name       string
			encryption awss3.BucketEncryption
			admitted   bool
			rule, says string // "": the synthesis goes on
		}{
			{"under a key", awss3.BucketEncryption_KMS, true, "log-encryption-unsupported", "ALB access logs don't arrive readable in a bucket under SSE-KMS under a customer managed key"},
			{"without the statement", awss3.BucketEncryption_S3_MANAGED, false, "log-delivery-denied", "ALB access logs don't arrive in "},
			{"as it must be", awss3.BucketEncryption_S3_MANAGED, true, "", ""},
		} {
			t.Run(where.name+" "+tt.name, func(t *testing.T) {
				app := newApp(t)
				web, logs := where.stacks(app)
				bucket := theirLogBucket(logs, tt.encryption)
				if tt.admitted {
					admitLoadBalancers(bucket)
				}
				theirLoadBalancer(web, bucket)
				failure := synthWithRules(t, app, validation.Options{})
				if failed := strings.Contains(failure, "Validation failed"); failed != (tt.rule != "") {
					t.Fatalf("the synthesis ended with %q", failure)
				}
				if tt.rule == "" {
					return
				}
				var report struct {
					PluginReports []struct {
						Violations []struct {
							RuleName, Description, SuggestedFix, Severity string
							ViolatingConstructs                           []struct{ ConstructPath string }
						}
					}
				}
				unmarshal(t, filepath.Join(*app.Outdir(), "validation-report.json"), &report)
				var lines []string
				for _, p := range report.PluginReports {
					for _, v := range p.Violations {
						if v.Severity != string(rule.Error) {
							continue
						}
						lines = append(lines, v.Description)
						if v.RuleName != tt.rule || !strings.Contains(v.Description, tt.says) || strings.Contains(v.Description, "\n") ||
							v.SuggestedFix == "" || v.ViolatingConstructs[0].ConstructPath != "web/Web" {
							t.Errorf("not about the load balancer's logs, in one line with a fix: %+v", v)
						}
					}
				}
				if len(lines) != 1 {
					t.Errorf("%d errors, want one:\n%s", len(lines), strings.Join(lines, "\n"))
				}
			})
		}
	}
}
