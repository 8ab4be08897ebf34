// Package execution writes the policies of CloudFormation's execution role: the
// permissions with which CloudFormation makes, changes and deletes the resources of
// templates, and no others.
//
//	assembly, err := template.ReadAssembly("cdk.out")
//	all, err := execution.Of(assembly.Stacks)
//	for _, p := range all {
//		fmt.Println(p.Account, p.Region, len(p.Documents))
//	}
//
// `cdk bootstrap --cloudformation-execution-policies` takes the ARNs of managed
// policies with these documents, in the place of AdministratorAccess.
//
// # What is in them
//
// An account and Region gets, for all of its stacks, the actions that the handlers
// of their types call for the properties that they set: package handler has them.
// Resources are as narrow as their names are known. Where CloudFormation makes up
// the name, what it begins with is; a KMS key has an id that nothing is known of, so
// that these actions are on all keys of the account and Region.
//
// What a template gains, its policies must gain first: give Of the stacks of before
// and of after where an update is to be deployed.
//
// # What they don't hold back
//
// Who may make roles, put policies on them and pass them to functions may do what
// such a role may. Only a permissions boundary on the roles limits that. Where every
// role of a template has the same one, the policies let no role be made or get
// permissions without it, and none be let out of it.
package execution
