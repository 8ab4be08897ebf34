// Package cloudformation is the local AWS CloudFormation: change sets, stacks,
// their events, outputs and exports, in memory.
//
// A [Service] answers the Query protocol. The resources themselves are made by
// the api.Provider of each type, given to [New]; types without one are refused
// before anything is made. [Recorded] lists the types that are only kept, so
// that a template which has them can be deployed; nothing acts on them.
//
// How an operation runs:
//
//   - CreateChangeSet, CreateStack and UpdateStack check the whole template
//     first: sections, resource types, references, cycles, parameters, rules,
//     capabilities. What they refuse, they refuse by name, and nothing is made.
//   - The operation then runs in the background, one resource after the other
//     in the order of the dependencies; its events and statuses are visible
//     while it runs. CloudFormation works on independent resources in
//     parallel; the order here is one that CloudFormation could have taken.
//   - Update makes a replacement first and deletes the old resource in the
//     clean-up phase. A failure rolls back: a create deletes what it made, an
//     update restores the properties from before.
//   - A nested stack is a resource whose provider runs operations on another
//     stack, within the one on its parent. An updated one keeps what its parent
//     may have to go back to, until the parent is updated.
//   - Resource calls are made as a session of the stack's service role
//     (RoleARN), which the service principal cloudformation.amazonaws.com
//     assumes, or, without a role, as the caller. Beside what a service asks for,
//     CloudFormation's own handler of the type is asked for all that package
//     handler knows of it; of the other types nothing is known.
//   - An import, a change set of the type IMPORT, finds resources that exist and
//     takes them into the stack. It makes, changes and deletes none of them; it
//     only adds the stack's tags. A type can be imported if its provider is an
//     api.Importer.
//
// Not carried out, and refused by name: transforms and macros, stack
// policies, notification topics, rollback triggers, creation and update
// policies, dynamic references, StackSets, drift and refactoring.
// ImportExistingResources is accepted, as `cdk bootstrap` always asks for it,
// but no existing resource is taken over: its creation fails as any other that
// exists already.
package cloudformation
