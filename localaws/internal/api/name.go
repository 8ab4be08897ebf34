package api

import (
	"crypto/rand"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/s3seal/s3seal/internal/partition"
)

// ARN is the ARN of a resource, in the partition of its Region. A service that
// has no Regions, such as IAM, leaves region empty.
func ARN(service, region, account, resource string) string {
	return arn.ARN{Partition: partition.Of(region).Name, Service: service, Region: region, AccountID: account, Resource: resource}.String()
}

// ARNAccount is the account in an ARN; "" if it has none or is no ARN.
func ARNAccount(text string) string {
	a, _ := arn.Parse(text)
	return a.AccountID
}

// UUID is a random UUID, version 4.
func UUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// GeneratedName is the name that CloudFormation gives to a resource without
// one: stack, logical id and random characters. Stack and logical id are cut
// if the name would be longer than its type allows.
//
// Source: CloudFormation template reference, aws-properties-name.
func GeneratedName(s StackContext, logicalID string, longest int) string {
	const random = 12
	stack, room := s.StackName, longest-random-2
	if len(stack)+len(logicalID) > room {
		stack = stack[:min(len(stack), room/2)]
		logicalID = logicalID[:min(len(logicalID), room-len(stack))]
	}
	return stack + "-" + logicalID + "-" + rand.Text()[:random]
}

// Place is where most resources live: in an account and Region, and no other.
type Place struct{ Account, Region string }

// Place is the caller's account and the Region of the endpoint.
func (c Call) Place() Place { return Place{c.Account, c.Region} }

// ARN is the ARN of a resource there.
func (p Place) ARN(service, resource string) string {
	return ARN(service, p.Region, p.Account, resource)
}
