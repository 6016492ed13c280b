using FeedbackAlignment.Data;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Tests.Data;

public sealed class DataSetTests
{
    [Fact]
    public void ArraysMakeExamples()
    {
        float[][] inputs = [[1, 2], [3, 4], [5, 6]];
        var classes = DataSet.FromArrays(inputs, [2, 0, 2], classes: 3);
        Assert.Equal([2, 0, 2], classes.Labels);
        Assert.Equal(new float[,] { { 0, 0, 1 }, { 1, 0, 0 }, { 0, 0, 1 } }, classes.Targets.ToArray());
        var numbers = DataSet.FromArrays(inputs, [0.5f, 1, 1.5f]);
        Assert.Null(numbers.Labels);
        Assert.Equal(new[,] { { 0.5f }, { 1 }, { 1.5f } }, numbers.Targets.ToArray());
        Assert.Equal(new float[,] { { 7, 8 }, { 9, 1 }, { 2, 3 } }, DataSet.FromArrays(inputs, new float[][] { [7, 8], [9, 1], [2, 3] }).Targets.ToArray());
    }

    [Fact]
    public void ATaskWithoutClassesIsRefusedInSoManyWords()
    {
        Assert.StartsWith(
            "a task of classes needs at least one", Assert.Throws<ArgumentOutOfRangeException>(() => new DataSet(new Matrix(1, 1), [0], 0)).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "the label of example 1 is 2, must be 0 … 1", Assert.Throws<ArgumentException>(() => DataSet.FromArrays([[1], [2]], [0, 2], 2)).Message, StringComparison.Ordinal);
        Assert.StartsWith("inputs are 1 × 1 and targets 2 × 2", Assert.Throws<ArgumentException>(() => DataSet.FromArrays([[1]], [0, 1], 2)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AShuffleHasEveryExampleOnceWithItsTargetsAndFollowsFromTheSeed()
    {
        var examples = Numbered(50);
        var shuffled = examples.Shuffle(seed: 3);
        Assert.NotEqual(Numbers(examples), Numbers(shuffled));
        Assert.Equal(Numbers(examples), Numbers(shuffled).Order());
        Assert.All(Enumerable.Range(0, 50), row => Assert.Equal((int)shuffled.Inputs[row, 0] % 3, shuffled.Labels![row]));
        Assert.All(Enumerable.Range(0, 50), row => Assert.Equal(1, shuffled.Targets[row, shuffled.Labels![row]]));
        Assert.Equal(Numbers(shuffled), Numbers(examples.Shuffle(seed: 3)));
        Assert.NotEqual(Numbers(shuffled), Numbers(examples.Shuffle(seed: 4)));

        // Data of a seed are the same for good.
        Assert.Equal([43, 16, 8, 4, 47], Numbers(shuffled).Take(5));
    }

    [Fact]
    public void TheThreePartsOfASplitHaveEveryExampleOnce()
    {
        var split = Numbered(103).Split(validation: 0.1, test: 0.25, seed: 2);
        Assert.Equal((67, 10, 26), (split.Train.Count, split.Validation.Count, split.Test.Count));
        Assert.Equal(Enumerable.Range(0, 103), split.Parts.SelectMany(part => Numbers(part.Examples)).Order());
        Assert.All(split.Parts, part => Assert.Equal(Numbers(part.Examples).Order(), Numbers(part.Examples)));
        Assert.Equal(Numbers(split.Test), Numbers(Numbered(103).Split(0.1, 0.25, seed: 2).Test));
        Assert.NotEqual(Numbers(split.Test), Numbers(Numbered(103).Split(0.1, 0.25, seed: 3).Test));
        Assert.NotEqual(Enumerable.Range(0, 26), Numbers(split.Test));
    }

    /// <summary>One example in ten is of the rare class; a division by chance alone would often leave a part without.</summary>
    [Fact]
    public void EveryPartHasTheClassesInTheirShares()
    {
        for (var seed = 1UL; seed <= 50; seed++)
        {
            var split = Labelled(200, row => row % 10 == 0 ? 1 : 0).Split(validation: 0.1, test: 0.2, seed: seed);
            Assert.Equal((14, 2, 4), (Rare(split.Train), Rare(split.Validation), Rare(split.Test)));
        }

        static int Rare(DataSet part) => part.Labels!.Count(label => label == 1);
    }

    [Fact]
    public void PartsThatAreNotAskedForAreMissing()
    {
        var split = Numbered(10).Split(validation: 0, test: 0);
        Assert.Equal((10, false, false), (split.Train.Count, split.HasValidation, split.HasTest));
        Assert.Equal("10 training examples", split.ToString());
        Assert.StartsWith("there are no validation examples; ask DataSplit.HasValidation first", Assert.Throws<InvalidOperationException>(() => split.Validation).Message, StringComparison.Ordinal);
        Assert.StartsWith("there are no test examples", Assert.Throws<InvalidOperationException>(() => split.Test).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => new DataSplit(null!));
    }

    [Theory]
    [InlineData(0.5, 0.5, "of 10 examples, 5 for validation and 5 for test leave none to train on")]
    [InlineData(0.01, 0.2, "the share of 10 examples is none")]
    [InlineData(-0.1, 0.2, "a share must be at least 0 and below 1")]
    [InlineData(0.1, 1.0, "a share must be at least 0 and below 1")]
    [InlineData(double.NaN, 0.2, "a share must be at least 0 and below 1")]
    public void SharesThatCannotBeAreRefused(double validation, double test, string problem)
        => Assert.StartsWith(problem, Assert.Throws<ArgumentOutOfRangeException>(() => Numbered(10).Split(validation, test)).Message, StringComparison.Ordinal);

    [Fact]
    public void ExamplesThatAreNotThereCannotBeSelected()
        => Assert.StartsWith("there are 3 examples, 0 … 2", Assert.Throws<ArgumentOutOfRangeException>(() => Numbered(3).Select([0, 3])).Message, StringComparison.Ordinal);

    private static DataSet Numbered(int count) => Labelled(count, row => row % 3);

    private static DataSet Labelled(int count, Func<int, int> label)
        => DataSet.FromArrays([.. Enumerable.Range(0, count).Select(row => new float[] { row })], [.. Enumerable.Range(0, count).Select(label)], classes: 3);

    private static int[] Numbers(DataSet examples) => [.. Enumerable.Range(0, examples.Count).Select(row => (int)examples.Inputs[row, 0])];
}
