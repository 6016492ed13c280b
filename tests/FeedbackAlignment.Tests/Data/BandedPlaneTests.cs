using FeedbackAlignment.Data;

namespace FeedbackAlignment.Tests.Data;

public sealed class BandedPlaneTests
{
    [Fact]
    public void AlongEveryLineEveryClassIsEquallyFrequentAndNeighborsDiffer()
    {
        foreach (var band in Enumerable.Range(0, BandedPlane.Bands))
        {
            foreach (var line in (int[][])[[.. Enumerable.Range(0, BandedPlane.Bands).Select(other => BandedPlane.ClassOf(band, other))], [.. Enumerable.Range(0, BandedPlane.Bands).Select(other => BandedPlane.ClassOf(other, band))]])
            {
                Assert.All(Enumerable.Range(0, 3), kind => Assert.Equal(2, line.Count(one => one == kind)));
                Assert.All(line.Zip(line.Skip(1)), pair => Assert.NotEqual(pair.First, pair.Second));
            }
        }
    }

    /// <summary>
    /// Otherwise a first layer that learns nothing would do: two units that pass the inputs on, and their sum or difference.
    /// </summary>
    [Theory]
    [InlineData(1, 26)]
    [InlineData(-1, 20)]
    public void NeitherTheSumNorTheDifferenceOfTheBandsTellsTheClass(int sign, int bestOf36)
    {
        var cells = from first in Enumerable.Range(0, BandedPlane.Bands)
                    from second in Enumerable.Range(0, BandedPlane.Bands)
                    select (Line: first + sign * second, Class: BandedPlane.ClassOf(first, second));

        Assert.Equal(bestOf36, cells.GroupBy(cell => cell.Line).Sum(line => line.CountBy(cell => cell.Class).Max(kind => kind.Value)));
    }

    /// <summary>Read back from the inputs alone: the bands fill the axis from −1 to 1, with empty room between them.</summary>
    [Fact]
    public void TheClassIsThatOfTheTwoBandsThatTheInputsLieIn()
    {
        int[] values = [0, 1, 0, 2, 1, 2];
        var examples = new BandedPlane(1).Draw("train", 5000);
        var seen = new HashSet<(int, int)>();
        for (var example = 0; example < examples.Count; example++)
        {
            var (first, second) = (Band(examples.Inputs[example, 0]), Band(examples.Inputs[example, 1]));
            seen.Add((first, second));
            Assert.Equal((values[first] + values[second]) % 3, examples.Labels![example]);
        }

        Assert.Equal(36, seen.Count);

        static int Band(float input)
        {
            var place = (input + 1.0) / 2 * 6;
            Assert.InRange(place - Math.Floor(place), 0.0749, 0.9251);
            Assert.InRange(place, 0, 6);
            return (int)place;
        }
    }

    /// <summary>The class is independent of either input, though the two together decide it.</summary>
    [Fact]
    public void OneInputAloneSaysNothingAboutTheClass()
    {
        var plane = new BandedPlane(5);
        var examples = plane.Draw("train", 9000);
        foreach (var input in (int[])[0, 1])
        {
            for (var band = 0; band < 6; band++)
            {
                var here = Enumerable.Range(0, examples.Count).Where(example => (int)((examples.Inputs[example, input] + 1) / 2 * 6) == band).ToList();
                Assert.All(Enumerable.Range(0, 3), kind => Assert.Equal(1 / 3.0, here.Count(example => examples.Labels![example] == kind) / (double)here.Count, 0.05));
            }
        }
    }

    [Fact]
    public void PartsAndSeedsDifferAndAnExampleDoesNotDependOnTheirNumber()
    {
        var split = new BandedPlane(7).DrawSplit(20, 20, 20);
        Some.AssertSameBits(split.Train.Inputs, new BandedPlane(7).Draw("train", 50).Inputs.Top(20));
        Assert.False(Some.SameBits(split.Train.Inputs, split.Validation.Inputs));
        Assert.False(Some.SameBits(split.Validation.Inputs, split.Test.Inputs));
        Assert.False(Some.SameBits(split.Train.Inputs, new BandedPlane(8).Draw("train", 20).Inputs));
        Assert.Equal("20 × 2", split.Train.Inputs.Shape);
        Assert.Equal("20 × 3", split.Train.Targets.Shape);
    }

    [Fact]
    public void NoExamplesAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new BandedPlane(1).Draw("train", 0));
    }
}
