// Package rule says what a template must satisfy beyond being a template: that
// an SSE-C bucket can be written and lets nothing else in, that a replica can be
// read where it arrives, that no stranger's account stands in a policy, that
// an update loses no key. Each [Rule] has an id, a reason, the AWS page that is
// its source, and a fix.
//
//	assembly, err := template.ReadAssembly("cdk.out")
//	report := rule.Check(assembly.Stacks, rule.Options{Accounts: accounts})
//	for _, f := range report.Findings {
//		fmt.Println(f.Severity, f.Rule, f.Place(), f.Text())
//	}
//
// # Three answers
//
// For a rule and a resource the answer is that it holds, that it does not (a
// [Finding]), or that templates alone can't tell (an [Unknown], with why).
// Nothing is guessed: a bucket whose policy hangs on a parameter without a value
// is neither accused nor acquitted. What a decision by IAM can answer is not
// looked for in the text of a policy but asked of package iam, with the
// policies of all stacks together: Check wants every stack that is deployed
// together, of all accounts.
//
// # For any account and Region
//
// A stack that leaves its account or Region open is checked for all of them: in
// an account that no template names, in each that one names, and in one Region
// of each class that neither the templates nor the rules tell apart. A template
// that writes a partition into its ARNs is for that partition. What depends on
// the place says where it holds ([Finding].Where), and is a warning if the rule
// is fulfilled in some Region of the standard partition: who gives account and
// Region learns whether it is an error.
//
// # Parameters without a value
//
// Of a parameter without a default, the AllowedValues are tried, or what
// conditions compare it with and the keys of the map in which it is looked up,
// and a stand-in for any other value. A stand-in says something only of a name or
// an id, which mean nothing by themselves; where it would have to be an
// algorithm, an account or a principal, the parameter is unknown. What only some
// of the values bring about is unknown, too, and says with which.
//
// # Acknowledging
//
// A resource says in its metadata that it departs from a rule on purpose, and
// why; the finding then moves to Report.Acknowledged:
//
//	Metadata:
//	  s3seal:
//	    acknowledge:
//	      bucket-unversioned: holds nothing but build caches
//
// A change that an update would lose something by is acknowledged in stages.yaml
// instead, once; see [IsChange].
//
// # Writing a rule
//
// CONTRIBUTING.md adds one, step by step. A rule always finds stacks with an account
// and a Region; where these stand for others, the report puts them back as
// ${AWS::AccountId} and ${AWS::Region}.
package rule
