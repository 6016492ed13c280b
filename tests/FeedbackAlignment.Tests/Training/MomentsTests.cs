using FeedbackAlignment.Training;

namespace FeedbackAlignment.Tests.Training;

public sealed class MomentsTests
{
    [Fact]
    public void RegularMomentsAreTheMultiplesOfTheirDistance()
        => Assert.Equal([100, 200, 300, 400], Walk(Moments.Every(100), 4));

    [Fact]
    public void EarlyOnesAreHalvingsOfTheFirstDistance()
        => Assert.Equal([12, 25, 50, 100, 200, 300], Walk(Moments.EveryWithEarlyOnes(100, early: 3), 6));

    [Fact]
    public void HalvingsBelowOneExampleAreNone()
        => Assert.Equal([1, 2, 5, 10, 20], Walk(Moments.EveryWithEarlyOnes(10, early: 62), 5));

    [Fact]
    public void TheNextMomentIsAlwaysLater()
    {
        var moments = Moments.EveryWithEarlyOnes(64);
        for (var examples = 0L; examples < 300; examples++)
        {
            Assert.True(moments.After(examples) > examples);
        }

        Assert.Equal(128, moments.After(64));
        Assert.Equal(64, moments.After(63));
    }

    [Fact]
    public void DistancesAndHalvingsOutOfRangeAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Moments.Every(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Moments.EveryWithEarlyOnes(10, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Moments.EveryWithEarlyOnes(10, 63));
    }

    private static List<long> Walk(Moments moments, int count)
    {
        var found = new List<long>();
        while (found.Count < count)
        {
            found.Add(moments.After(found.LastOrDefault()));
        }

        return found;
    }
}
