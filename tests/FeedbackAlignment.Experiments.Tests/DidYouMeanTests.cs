namespace FeedbackAlignment.Experiments.Tests;

public sealed class DidYouMeanTests
{
    private static readonly string[] _names = ["backpropagation", "feedback-alignment", "direct-feedback-alignment", "shallow", "sgd", "learningRate", "logistic"];

    [Theory]
    [InlineData("feedback-aligment", "feedback-alignment")]
    [InlineData("Feedback_Alignment", "feedback-alignment")]
    [InlineData("feedbackalignment", "feedback-alignment")]
    [InlineData("direct", "direct-feedback-alignment")]
    [InlineData("backprop", "backpropagation")]
    [InlineData("sdg", "sgd")]
    [InlineData("LEARNING-RATE", "learningRate")]
    [InlineData("fa", "feedback-alignment")]
    [InlineData("FA", "feedback-alignment")]
    [InlineData("dfa", "direct-feedback-alignment")]
    [InlineData("bp", "backpropagation")]
    [InlineData("sigmoid", "logistic")]
    [InlineData("lr", "learningRate")]
    public void ANearNameIsFound(string word, string name) => Assert.Equal(name, DidYouMean.Nearest(word, _names));

    [Fact]
    public void OptionsAreFoundByWhatOthersCallThem() => Assert.Equal("--learning-rate", DidYouMean.Nearest("--lr", ["--rules", "--learning-rate"]));

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("x")]
    [InlineData("hebb")]
    [InlineData("alignment")]
    public void AFarNameIsNot(string word) => Assert.Null(DidYouMean.Nearest(word, _names));

    [Fact]
    public void ABeginningOfTwoNamesIsNotFound() => Assert.Null(DidYouMean.Nearest("weig", ["weight-mirror", "weight-perturbation"]));

    [Fact]
    public void AVeryLongWordIsNotCompared() => Assert.Null(DidYouMean.Nearest(new string('a', 100_000), [new string('a', 100_001)]));

    [Fact]
    public void TheHintIsTheEndOfAMessage()
    {
        Assert.Equal(", did you mean \"shallow\"?", DidYouMean.Hint("shalow", _names));
        Assert.Equal("", DidYouMean.Hint("hebb", _names));
    }
}
