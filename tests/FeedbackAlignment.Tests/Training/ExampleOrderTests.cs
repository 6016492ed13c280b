using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Tests.Training;

public sealed class ExampleOrderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(37)]
    [InlineData(64)]
    public void EachPassVisitsEveryExampleOnceInANewOrder(int batch)
    {
        var session = new Session(train: 37);
        session.Run(examples: 37 * 4, batch);
        var passes = session.Rule.Examples.Chunk(37).ToArray();
        Assert.Equal(4, passes.Length);
        Assert.All(passes, pass => Assert.Equal(Enumerable.Range(0, 37), pass.Order()));
        Assert.Equal(4, passes.Select(pass => string.Join(',', pass)).Distinct().Count());
        Assert.NotEqual(Enumerable.Range(0, 37), passes[0]);
    }

    [Fact]
    public void TheLastBatchOfAPassIsShort()
    {
        var session = new Session(train: 37);
        session.Run(examples: 37 * 2, batch: 8);
        Assert.Equal([8, 8, 8, 8, 5, 8, 8, 8, 8, 5], session.Rule.Batches.Select(batch => batch.Length));
    }

    [Fact]
    public void TheLastStepTakesNoMoreExamplesThanAreWanted()
    {
        var session = new Session(train: 37);
        var result = session.Run(examples: 51, batch: 8);
        Assert.Equal([8, 8, 8, 8, 5, 8, 6], session.Rule.Batches.Select(batch => batch.Length));
        Assert.Equal(51, result.Examples);
        Assert.Equal(51 / 37.0, result.Epochs);
    }

    /// <summary>A copied row must be its own example's, inputs and targets alike; a step of one example takes no copy.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void TargetsStayWithTheirInputs(int batchSize)
    {
        var session = new Session(train: 37);
        var labels = session.Data.Train.Labels!;
        var order = new FeedbackAlignment.Training.ExampleOrder(session.Data.Train, batchSize, session.Setup.Streams.Stream("order"));
        for (var seen = 0; seen < 37;)
        {
            var batch = order.Next(batchSize);
            for (var example = 0; example < batch.Count; example++, seen++)
            {
                var number = (int)MathF.Round(batch.Inputs[example, 0] * 1024);
                Assert.Equal(session.Data.Train.Inputs.Row(number).ToArray(), batch.Inputs.Row(example).ToArray());
                Assert.Equal(1, batch.Targets[example, labels[number]]);
            }
        }
    }

    [Fact]
    public void TheRuleChangesNeitherInitialWeightsNorTheOrderOfExamples()
    {
        var sessions = RuleCatalog.Standard.Ids.Select(rule => new Session(rule)).ToArray();
        Assert.All(sessions, session => Some.AssertSameBits(Some.Copies(sessions[0].Network.Parameters), Some.Copies(session.Network.Parameters)));
        Assert.All(sessions, session => session.Run(examples: 90));
        Assert.All(sessions, session => Assert.Equal(sessions[0].Rule.Batches, session.Rule.Batches));
    }

    [Fact]
    public void AnotherSeedGivesAnotherOrder()
    {
        var (one, other) = (new Session(seed: 1), new Session(seed: 2));
        one.Run(examples: 37);
        other.Run(examples: 37);
        Assert.NotEqual(one.Rule.Examples, other.Rule.Examples);
    }
}
