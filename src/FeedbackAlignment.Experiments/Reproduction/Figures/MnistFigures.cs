using FeedbackAlignment.Experiments.Records;
using static FeedbackAlignment.Experiments.Reproduction.Figures.FigureParts;
using static FeedbackAlignment.Experiments.Reproduction.PaperExperiments;

namespace FeedbackAlignment.Experiments.Reproduction.Figures;

/// <summary>Figs. 2a, 2b and S1, and what a learning rate for each rule changes.</summary>
internal static class MnistFigures
{
    /// <summary>Error and angle, with half of the connections where that was run.</summary>
    public static FigureRecord Course(Evidence evidence)
    {
        var mnist = evidence[Mnist];
        var sparse = evidence.Has(MnistSparse)
            ? (SeriesRecord[])[Error(evidence[MnistSparse], PaperRules.FeedbackAlignment, 100, name: "feedback alignment, half the connections") with { Subject = "sparse" }]
            : [];
        var sparseAngle = evidence.Has(MnistSparse)
            ? (SeriesRecord[])[Angle(evidence[MnistSparse], PaperRules.FeedbackAlignment, reading => reading.ErrorAngle, "half the connections", "sparse")]
            : [];
        return new()
        {
            Id = "mnist",
            Title = "MNIST, one example at a time",
            Place = "arXiv 1411.0247, Fig. 2a,b",
            Caption = $"784-1000-10, logistic units, 1.8 million examples (300,000 at quick effort). {Legend} The paper's curves are "
                + "test errors of single runs; ours are validation errors, because we use the test images only once, at the end.",
            Panels =
            [
                new()
                {
                    Title = "Error",
                    X = Examples(logarithmic: true),
                    Y = new("misclassified (%)", Logarithmic: true),
                    Series =
                    [
                        .. ((string[])[PaperRules.Shallow, PaperRules.Backpropagation, PaperRules.FeedbackAlignment]).Select(rule => Error(mnist, rule, 100)),
                        .. sparse,
                        .. Paper(DigitizedCurves.MnistError),
                    ],
                },
                new()
                {
                    Title = "Angle between Δh of feedback alignment and of backpropagation",
                    X = Examples(logarithmic: true),
                    Y = Degrees,
                    Series =
                    [
                        Angle(mnist, PaperRules.FeedbackAlignment, reading => reading.ErrorAngle),
                        .. sparseAngle,
                        Paper("the paper's", PaperRules.FeedbackAlignment, DigitizedCurves.MnistAngle),
                    ],
                },
            ],
        };
    }

    /// <summary>Receptive fields.</summary>
    public static FigureRecord Fields(Evidence evidence)
    {
        var mnist = evidence[Mnist];
        var first = mnist.Runs(PaperRules.FeedbackAlignment)[0];
        List<PanelRecord> panels =
        [
            new() { Title = "before learning", Picture = ReceptiveFields.Draw(mnist.InitialWeights(first, 0)) },
            new() { Title = "backpropagation", Picture = ReceptiveFields.Draw(mnist.Weights(mnist.Runs(PaperRules.Backpropagation)[0], "hidden1.weights")) },
            new() { Title = "feedback alignment", Picture = ReceptiveFields.Draw(mnist.Weights(first, "hidden1.weights")) },
        ];
        if (evidence.Has(MnistSparse))
        {
            var run = evidence[MnistSparse].Runs(PaperRules.FeedbackAlignment)[0];
            panels.Add(new() { Title = "feedback alignment, half the connections", Picture = ReceptiveFields.Draw(evidence[MnistSparse].Weights(run, "hidden1.weights")) });
        }

        return new()
        {
            Id = "fields",
            Title = "What hidden units look at",
            Place = "arXiv 1411.0247, Fig. S1",
            Caption = "The weights into 100 hidden units of the MNIST network as pictures: white positive, black negative, each scaled by its greatest weight. The first 100 units of the first seed.",
            Panels = panels,
        };
    }

    /// <summary>Errors with a learning rate for each rule.</summary>
    public static FigureRecord Tuned(ExperimentEvidence tuned) => new()
    {
        Id = "mnist-tuned",
        Title = "MNIST with a learning rate for each rule",
        Place = "not in the paper",
        Caption = "The same network, each rule with the learning rate that was best on validation among the same candidates. Lines: "
            + "means over the runs; bands: ± 1 SD over the runs. Errors are on validation.",
        Panels =
        [
            new()
            {
                Title = "Error",
                X = Examples(logarithmic: true),
                Y = new("misclassified (%)", Logarithmic: true),
                Series = [.. tuned.Record.Spec.Rules.Select(rule => Error(tuned, rule, 100))],
            },
        ],
    };
}
