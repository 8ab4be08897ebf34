package wings

import (
	"io"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/s3seal/s3seal/internal/resource"
)

// deliveries looks at what S3 delivers about a bucket.
func (x *trial) deliveries(b *resource.Bucket) {
	failed := map[string]string{} // by principal
	for _, f := range x.cloud.LogFailures() {
		if f.Source == *x.name(b) {
			failed[f.Service] = f.String()
		}
	}
	p := b.Properties()
	if target, err := p.Get("LoggingConfiguration", "DestinationBucketName").String(); err == nil {
		prefix, _ := p.Get("LoggingConfiguration", "LogFilePrefix").Default("").String()
		x.arrived(b, accessLog, target, prefix, failed["logging.s3.amazonaws.com"])
	}
	for _, i := range listOf(p.Get("InventoryConfigurations")) {
		arn, err := i.Get("Destination", "BucketArn").String()
		if enabled, _ := i.Get("Enabled").Bool(); err == nil && enabled {
			prefix, _ := i.Get("Destination", "Prefix").Default("").String()
			if prefix != "" {
				prefix += "/"
			}
			x.arrived(b, inventory, strings.TrimPrefix(arn, "arn:aws:s3:::"), prefix+*x.name(b)+"/", failed["s3.amazonaws.com"])
		}
	}
}

// arrived looks for a delivered file where its bucket's owner would.
func (x *trial) arrived(b *resource.Bucket, a aspect, target, prefix, failed string) {
	to := x.set.BucketNamed(target)
	if to == nil {
		return // of somebody else
	}
	if failed != "" {
		x.result.add(placeOf(b), a, failed)
		return
	}
	c := x.client(to.Account, to.Region)
	list, err := c.ListObjectsV2(x.t.Context(), &s3.ListObjectsV2Input{Bucket: x.name(to), Prefix: &prefix})
	if err != nil {
		x.t.Fatal(err)
	}
	why := "nothing arrived"
	for _, o := range list.Contents {
		if key := *o.Key; key != plainKey && key != ssecKey && key != "other" {
			why = ""
			out, err := c.GetObject(x.t.Context(), &s3.GetObjectInput{Bucket: x.name(to), Key: &key})
			if err != nil {
				why = "it arrives and cannot be read: " + err.Error()
				break
			}
			_, _ = io.Copy(io.Discard, out.Body)
			_ = out.Body.Close()
		}
	}
	x.result.add(placeOf(b), a, why)
}
