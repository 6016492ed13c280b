using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Experiments.Tests.Records;

public sealed class DataRecordTests
{
    [Theory]
    [InlineData(true, new[] { "cat", "dog" }, null)]
    [InlineData(false, null, new[] { "price" })]
    public void ResultsKeepTheNamesOfTheOutputsAndNothingElseOfTheSchema(bool classification, string[]? classes, string[]? targets)
    {
        var results = Record(new DataSchema { Files = "csv", Classification = classification, Classes = classes, TargetNames = ["price"] })
            .ForResults();

        Assert.Null(results.Schema);
        Assert.Equal(classes, results.ClassNames);
        Assert.Equal(targets, results.TargetNames);
    }

    [Fact]
    public void WithoutNamesThereAreNone()
    {
        Assert.Null(Record(schema: null).ForResults().TargetNames);
        Assert.Null(Record(new DataSchema { Files = "npy", Classification = false }).ForResults().TargetNames);
    }

    private static DataRecord Record(DataSchema? schema) => new()
    {
        Description = "a table",
        Train = 3,
        Validation = 2,
        Test = 1,
        Inputs = 4,
        Outputs = 1,
        Classification = schema is { Classification: true },
        Schema = schema,
    };
}
