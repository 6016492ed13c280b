using FeedbackAlignment.Data;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Training;

namespace FeedbackAlignment.Tests.Training;

public sealed class ConfusionMatrixTests
{
    /// <summary>Three classes, the last without examples; one answer is missing.</summary>
    private static readonly ConfusionMatrix _matrix = new([0, 0, 0, 0, 1, 1], [0, 0, 1, -1, 1, 0], classes: 3);

    [Fact]
    public void CountsSharesAndErrorsAreThoseOfTheAnswers()
    {
        Assert.Equal((2, 1, 1, 1), (_matrix[0, 0], _matrix[0, 1], _matrix[1, 0], _matrix[1, 1]));
        Assert.Equal((4, 2, 0, 1), (_matrix.Examples(0), _matrix.Examples(1), _matrix.Examples(2), _matrix.Undecided(0)));
        Assert.Equal(3 / 6.0, _matrix.Accuracy);
        Assert.Equal((2 / 3.0, 1 / 2.0, null), (_matrix.Precision(0), _matrix.Precision(1), _matrix.Precision(2)));
        Assert.Equal((2 / 4.0, 1 / 2.0, null), (_matrix.Recall(0), _matrix.Recall(1), _matrix.Recall(2)));
        Assert.Equal(0.5, _matrix.BalancedError);
        Assert.Equal((0.75 + 0) / 2, new ConfusionMatrix([0, 0, 0, 0, 1], [0, 1, 1, 1, 1], 2).BalancedError);
    }

    [Fact]
    public void TheTableHasNamesCountsAndShares()
    {
        Assert.Equal(
            """
            true \ answer     cat     dog  eel  none  recall
            cat                 2       1    0     1  50.0 %
            dog                 1       1    0     0  50.0 %
            eel                 0       0    0     0       –
            precision      66.7 %  50.0 %    –        50.0 %
            """.ReplaceLineEndings("\n"),
            _matrix.ToString(["cat", "dog", "eel"]));
        Assert.DoesNotContain("none", new ConfusionMatrix([0, 1], [1, 1], 2).ToString(), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => _matrix.ToString(["cat"]));
    }

    [Fact]
    public void AccuracyAndTheEvaluatorsErrorAgreeToTheBitTiesIncluded()
    {
        var network = Network.Mlp("4-3", seed: 1);
        var examples = Some.Examples(700, 4, 3, seed: 1);
        Assert.Equal(new Evaluator(network, Loss.SoftmaxCrossEntropy).Evaluate(examples).Error, 1 - ConfusionMatrix.Evaluate(network, examples).Accuracy, 1e-15);
        network.Layers[0].Weights.Read().Fill(0);
        var tied = ConfusionMatrix.Evaluate(network, examples);
        Assert.Equal(0, tied.Accuracy);
        Assert.Equal(tied.Examples(1), tied.Undecided(1));
        network.Layers[0].Weights.Read().Fill(float.NaN);
        Assert.Equal(0, ConfusionMatrix.Evaluate(network, examples).Accuracy);
    }

    [Fact]
    public void WhatCannotBeCountedIsRefused()
    {
        Assert.StartsWith("there are 2 labels and 1 answers", Assert.Throws<ArgumentException>(() => new ConfusionMatrix([0, 1], [0], 2)).Message, StringComparison.Ordinal);
        Assert.StartsWith("example 0 is of class 2 and was taken for 0", Assert.Throws<ArgumentException>(() => new ConfusionMatrix([2], [0], 2)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => _matrix[0, 3]);
        Assert.Throws<ArgumentOutOfRangeException>(() => _matrix.Undecided(-1));
        Assert.Throws<ArgumentException>(() => ConfusionMatrix.Evaluate(Network.Mlp("1-1", 1), new DataSet(new Matrix(1, 1), new Matrix(1, 1))));
    }
}
