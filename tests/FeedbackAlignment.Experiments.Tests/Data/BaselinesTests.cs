using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Experiments.Tests.Data;

public sealed class BaselinesTests
{
    [Fact]
    public void TheMostFrequentTrainingClassIsMeasuredOnTheTestExamples()
    {
        // Class 2 leads in training, class 0 in the test.
        var baseline = Baselines.Of(new DataSplit(Classes([2, 2, 2, 0, 1], 3), Classes([0], 3), Classes([0, 0, 0, 2], 3)));

        Assert.Equal((2, 0.75), (baseline.Class, baseline.TestError));
        Assert.Empty(baseline.OutputErrors);
    }

    [Fact]
    public void OfEquallyFrequentClassesTheFirstCounts()
        => Assert.Equal(1, Baselines.Of(new DataSplit(Classes([2, 1, 2, 1], 3), Classes([0], 3), Classes([0], 3))).Class);

    [Fact]
    public void TheTrainingMeanIsMeasuredOnTheTestExamples()
    {
        // Training means (2, 10); test (2, 13) and (4, 10): squared distances 0 + 4 and 9 + 0; targets 4 + 16 + 169 + 100.
        var baseline = Baselines.Of(new DataSplit(Numbers(new float[,] { { 1, 10 }, { 3, 10 } }), Numbers(new float[,] { { 0, 0 } }), Numbers(new float[,] { { 2, 13 }, { 4, 10 } })));

        Assert.Null(baseline.Class);
        Assert.Equal([2, 4.5], baseline.OutputErrors);
        Assert.Equal(13.0 / 289, baseline.TestError!.Value, 12);
    }

    [Fact]
    public void WhereAllTestTargetsAreZeroThereIsNoError()
        => Assert.Null(Baselines.Of(new DataSplit(Numbers(new float[,] { { 0 } }), Numbers(new float[,] { { 0 } }), Numbers(new float[,] { { 0 } }))).TestError);

    [Fact]
    public void TheRangeIsThatOfTheTrainingInputs()
    {
        var baseline = Baselines.Of(new DataSplit(
            new DataSet(Matrix.From(new float[,] { { -3, 0.5f }, { 2, 255 } }), [0, 1], 2), Classes([0], 2), new DataSet(Matrix.From(new float[,] { { -9, 999 } }), [0], 2)));

        Assert.Equal((-3.0, 255.0), (baseline.LeastInput, baseline.GreatestInput));
    }

    private static DataSet Classes(int[] labels, int classes) => new(new Matrix(labels.Length, 2), labels, classes);

    private static DataSet Numbers(float[,] targets) => new(new Matrix(targets.GetLength(0), 2), Matrix.From(targets));
}
