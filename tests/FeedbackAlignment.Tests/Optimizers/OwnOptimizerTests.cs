using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Tests.Training;

namespace FeedbackAlignment.Tests.Optimizers;

/// <summary>An optimizer of somebody's own is one like the library's.</summary>
public sealed class OwnOptimizerTests
{
    [Fact]
    public void ATrainingUnderItGoesOnToTheSameBits()
    {
        var plan = new Plan { Rule = "kolen-pollack", Optimizer = parameters => new Lion(parameters) };
        Some.AssertSameBits(plan.Weights(), plan.Weights(plan.Saved()));
    }

    [Fact]
    public void ACheckpointIsRefusedByAnotherAndByOtherSettings()
    {
        var saved = new Plan { Optimizer = parameters => new Lion(parameters, 0.9) }.Saved();
        Assert.Contains("optimizer.settings.beta was 0.9, is now 0.8",
            new Plan { Optimizer = parameters => new Lion(parameters, 0.8) }.Refusal(saved), StringComparison.Ordinal);
        Assert.Contains("optimizer.kind was lion, is now sgd", new Plan().Refusal(saved), StringComparison.Ordinal);
    }

    [Fact]
    public void ItStepsByItsFormulaInGroupsAndAllocatesNothing()
    {
        var parameter = new Parameter("p", ParameterKind.Weights, Matrix.From(new[,] { { 1f, -2f } }));
        var optimizer = new Lion(new ParameterGroup([parameter]) { LearningRateFactor = 0.5f, WeightDecay = 0.25f });
        var gradients = new Gradients([parameter], new Compute());
        gradients[parameter].Write().CopyFrom(Matrix.From(new[,] { { 3f, -5f } }));
        optimizer.Step(gradients, 0.5f);
        Assert.Equal([(1 - (0.25f * 0.25f)) - 0.25f, -2 * (1 - (0.25f * 0.25f)) + 0.25f], parameter.Read().Row(0).ToArray());
        Assert.Equal((1, "momentum", 1L), (optimizer.Memory.Count, optimizer.Memory[0].Name, optimizer.OfFirst));

        var marks = new AllocationMarks();
        do
        {
            for (var i = 0; i < 20; i++)
            {
                optimizer.Step(gradients, 0.5f);
            }
        }
        while (marks.Set());
        Assert.Equal(0, marks.LeastBetweenTwo);
    }

    /// <summary>What is not remembered through the base would be missing in checkpoints: there is no other way to a name.</summary>
    [Fact]
    public void WhatItCannotRememberIsRefused()
    {
        var parameter = new Parameter("p", ParameterKind.Weights, new Matrix(1, 2));
        Assert.StartsWith("lion cannot remember something as \"momentum\": a name has letters, digits and _, and stands for one thing",
            Assert.Throws<ArgumentException>(() => new Lion(new ParameterGroup([parameter])).RememberAlso("momentum")).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new Lion(new ParameterGroup([parameter])).RememberAlso("a/b"));
        var optimizer = new Lion(new ParameterGroup([parameter]));
        optimizer.Step(new Gradients([parameter], new Compute()), 0.1f);
        Assert.Equal("lion cannot begin to remember more after a step; ask for it in the constructor",
            Assert.Throws<InvalidOperationException>(() => optimizer.RememberAlso("more")).Message);
        Assert.Equal("call CountStepsOfEach in the constructor of Careless",
            Assert.Throws<InvalidOperationException>(() => new Careless(new ParameterGroup([parameter])).Go()).Message);
    }

    /// <summary>One that does not know of it would train without any decay.</summary>
    [Fact]
    public void CoupledDecayIsRefusedUnlessItSaysThatItAddsIt()
    {
        var group = new ParameterGroup([new Parameter("p", ParameterKind.Weights, new Matrix(1, 2))]) { WeightDecay = 0.5f };
        Assert.StartsWith("careless does not add weight decay to the gradient; choose another meaning of the decay, or another optimizer",
            Assert.Throws<ArgumentException>(() => new Careless(group, WeightDecayMode.Coupled)).Message, StringComparison.Ordinal);
    }

    /// <summary>Signs of a running mean of gradients: Chen et al. 2023, with one β.</summary>
    private sealed class Lion : Optimizer
    {
        private readonly IReadOnlyList<Matrix> _momentum;
        private readonly double _beta;

        public Lion(IEnumerable<Parameter> parameters, double beta = 0.9)
            : this(new ParameterGroup(parameters), beta)
        {
        }

        public Lion(ParameterGroup group, double beta = 0.9)
            : base("lion", [group])
        {
            (_momentum, _beta) = (Remember("momentum"), beta);
            CountStepsOfEach();
        }

        public override IReadOnlyDictionary<string, double> Settings => new Dictionary<string, double> { ["beta"] = _beta };

        public long OfFirst => StepsOf(0);

        public void RememberAlso(string name) => Remember(name);

        protected override void Move(int index, Gradient gradient, float learningRate, float keptShare)
        {
            var (weights, values, momentum) = (gradient.Parameter.Read(), gradient.Values, _momentum[index]);
            for (var row = 0; row < weights.Rows; row++)
            {
                for (var column = 0; column < weights.Columns; column++)
                {
                    var mean = momentum[row, column] = (float)((_beta * momentum[row, column]) + ((1 - _beta) * values[row, column]));
                    weights[row, column] = (keptShare * weights[row, column]) - (learningRate * Math.Sign(mean));
                }
            }
        }
    }

    private sealed class Careless(ParameterGroup group, WeightDecayMode mode = default) : Optimizer("careless", [group], mode)
    {
        public void Go() => StepsOf(0);

        protected override void Move(int index, Gradient gradient, float learningRate, float keptShare)
        {
        }
    }
}
