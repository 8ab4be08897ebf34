package localaws_test

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/s3seal/s3seal/localaws"
)

// A local AWS for one's own test: it answers any SDK that is given its endpoint,
// its authority and keys.
func ExampleStart() {
	const account = "111122223333"
	server, err := localaws.Start(localaws.Options{Accounts: []string{account}})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()

	client := s3.NewFromConfig(server.Config(server.Credentials(account)))
	ctx := context.Background()
	if _, err := client.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String("acme")}); err != nil {
		fmt.Println(err)
		return
	}
	out, err := client.ListBuckets(ctx, &s3.ListBucketsInput{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, b := range out.Buckets {
		fmt.Println(*b.Name)
	}
	// Output:
	// acme
}
