using FeedbackAlignment.Data;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Tests.Data;

public sealed class TeacherTests
{
    [Fact]
    public void ALinearTeacherIsLinear()
    {
        // Two inputs: the third is a combination of the first two, and so must be its answer.
        var examples = Teacher.Linear(1, 2, 3).Draw("train", 3);
        var (a, b, c) = (examples.Inputs.Row(0).ToArray(), examples.Inputs.Row(1).ToArray(), examples.Inputs.Row(2).ToArray());
        var determinant = (double)a[0] * b[1] - (double)a[1] * b[0];
        var onA = ((double)c[0] * b[1] - (double)c[1] * b[0]) / determinant;
        var onB = ((double)a[0] * c[1] - (double)a[1] * c[0]) / determinant;

        for (var output = 0; output < 3; output++)
        {
            Assert.Equal(onA * examples.Targets[0, output] + onB * examples.Targets[1, output], examples.Targets[2, output], 1e-4);
        }
    }

    [Fact]
    public void InputsAreStandardNormal()
    {
        var inputs = Teacher.Linear(1, 30, 1).Draw("train", 2000).Inputs;
        var values = Enumerable.Range(0, inputs.Rows).SelectMany(example => inputs.Row(example).ToArray()).ToArray();

        Assert.Equal(0, values.Average(), 0.02);
        Assert.Equal(1, values.Average(value => value * value), 0.03);
    }

    [Fact]
    public void ALinearTeachersAnswerHasTheVarianceOfItsWeights()
    {
        // Each answer sums 30 inputs of variance 1 times weights of variance a²/3.
        var targets = Teacher.Linear(1, 30, 200, scale: 0.5).Draw("train", 500).Targets;
        var mean = Enumerable.Range(0, targets.Rows).Average(example => targets.Row(example).ToArray().Average(value => value * value));

        Assert.Equal(30 * 0.25 / 3, mean, 0.15);
    }

    [Fact]
    public void ATanhTeachersAnswerIsBoundedByItsTopWeights()
    {
        // |y| ≤ a · (hidden units + 1 bias); a linear network of this scale would exceed it by far.
        var targets = Teacher.Tanh(1, [50, 4, 1], scale: 3).Draw("train", 500).Targets;

        Assert.True(Enumerable.Range(0, 500).All(example => Math.Abs(targets[example, 0]) <= 15));
        Assert.True(Enumerable.Range(0, 500).Select(example => targets[example, 0]).Distinct().Count() > 400);
    }

    [Fact]
    public void ATeacherWithBiasesHasAMeanAnswer()
        => Assert.True(MeanAnswer(Teacher.Tanh(1, [30, 20, 10])) > 10 * MeanAnswer(Teacher.Linear(1, 30, 10)));

    [Fact]
    public void PartsDifferAndAnExampleDoesNotDependOnTheirNumber()
    {
        var teacher = Teacher.Tanh(7, [5, 4, 2], 0.25);
        var split = teacher.DrawSplit(20, 20, 20);

        Some.AssertSameBits(split.Train.Targets, Teacher.Tanh(7, [5, 4, 2], 0.25).Draw("train", 50).Targets.Top(20));
        Assert.False(Some.SameBits(split.Train.Inputs, split.Validation.Inputs));
        Assert.False(Some.SameBits(split.Validation.Inputs, split.Test.Inputs));
        Assert.Null(split.Test.Labels);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(3, 0, 2)]
    public void SenselessSizesAreRefused(params int[] sizes)
        => Assert.Throws<ArgumentException>(() => Teacher.Tanh(1, sizes));

    [Fact]
    public void OwnHyperbolicTangentAgreesWithTheFrameworks()
    {
        for (var x = -25.0; x <= 25; x += 0.0137)
        {
            Assert.Equal(Math.Tanh(x), HyperbolicTangent.Of(x), 1e-15);
            Assert.Equal(1, HyperbolicTangent.Of(x * 1e-6) / Math.Tanh(x * 1e-6), 1e-14);
        }
    }

    private static double MeanAnswer(Teacher teacher)
    {
        var targets = teacher.Draw("train", 5000).Targets;
        return Enumerable.Range(0, targets.Columns).Sum(output => Math.Pow(Enumerable.Range(0, targets.Rows).Average(example => targets[example, output]), 2));
    }
}
