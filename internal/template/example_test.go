package template_test

import (
	"fmt"

	"github.com/s3seal/s3seal/internal/template"
)

func ExampleReadAssembly() {
	assembly, err := template.ReadAssembly("testdata/cdk.out")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, stack := range assembly.Stacks {
		if stack.Stage != "Prod" {
			continue
		}
		for _, bucket := range stack.ResourcesOfType("AWS::S3::Bucket") {
			rules, err := bucket.Properties().Get("ReplicationConfiguration", "Rules").List()
			if err != nil {
				fmt.Println(err)
				continue
			}
			for _, rule := range rules {
				to := rule.Get("Destination", "Bucket")
				arn, err := to.String()
				fmt.Println(stack.Name, to.Path(), arn, err)
			}
		}
	}
	// Output:
	// Prod-ASource Resources.Data.Properties.ReplicationConfiguration.Rules[0].Destination.Bucket arn:aws:s3:::prod-replica-data <nil>
}

// A template of somebody else has things that nobody can know; all the rest of
// it is known.
func ExampleUnknownError() {
	stack, err := template.ReadTemplate("testdata/short-tags.yaml", "111122223333", "eu-west-1")
	if err != nil {
		fmt.Println(err)
		return
	}
	statements, err := stack.Resource("Key").Properties().Get("KeyPolicy", "Statement").List()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, statement := range statements {
		principal, err := statement.Get("Principal", "AWS").String()
		if template.IsUnknown(err) {
			fmt.Println(err)
			continue
		}
		fmt.Println(principal)
	}
	// Output:
	// arn:aws:iam::111122223333:root
	// short-tags: Resources.Key.Properties.KeyPolicy.Statement[1].Principal.AWS.Ref: unknown: parameter KeyAdmin has no default and was given no value
}
