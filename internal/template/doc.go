// Package template holds CloudFormation templates as Go values and computes
// what their intrinsic functions give in one account and region, so that a
// policy in a template becomes a concrete document. Package cfn has the language;
// this package answers what its functions refer to before anything is deployed.
//
// Read a CDK cloud assembly (cdk.out, or a snapshot of one) or one template:
//
//	assembly, err := template.ReadAssembly("cdk.out")
//	stack, err := template.ReadTemplate("bucket.yaml", "111122223333", "eu-west-1")
//
// Then ask for resources and walk their properties. A [Value] is lazy: it
// resolves only what is asked of it, so that one value that nobody can know
// doesn't hide the others, and it knows its place:
//
//	for _, bucket := range stack.ResourcesOfType("AWS::S3::Bucket") {
//		name, err := bucket.Ref()
//		enc := bucket.Properties().Get("BucketEncryption", "ServerSideEncryptionConfiguration")
//		...
//		fmt.Println(enc.Path()) // Resources.Data.Properties.BucketEncryption.Server...
//	}
//
// [Value.Decode] resolves everything below a value and fills a Go value from
// it, such as an IAM policy document. [Stack.Resolve] does so for any piece of
// a template.
//
// # What can't be resolved
//
// A value that can't be known never resolves to an empty string. A template
// that is wrong (a reference to nothing, a cycle, a wrong argument) gives an
// [*Error]; what can't be known from templates alone (a parameter without
// value, the account of an environment-agnostic stack, an attribute of a custom
// resource, a dynamic reference, a macro) gives an [*UnknownError]. Both name
// the place; use [errors.As] to tell them apart.
//
// # Physical names are stand-ins
//
// A resource that names itself (BucketName, RoleName, ...) has that name. All
// others get a stand-in: made from the names of stack and resource and a hash
// of account, region, stack and logical id. It has the form that the service
// demands, is the same in every run, and differs between resources. It isn't the
// name that CloudFormation will choose.
package template
