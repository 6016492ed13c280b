using FeedbackAlignment.Data;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Probes;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Playground;

/// <summary>
/// Backpropagation and another rule side by side: the same task, the same initial weights, the same order of examples. What it hands out is
/// plain numbers, for the page gets them through a worker.
/// </summary>
internal sealed class Session
{
    /// <summary>Places along a side of a decision region, and of a unit's picture.</summary>
    public const int Side = 32, UnitSide = 16;

    /// <summary>Numbers of a layer in <see cref="Readings"/>.</summary>
    public const int NumbersOfLayer = 6;

    private readonly Learner[] _learners;
    private readonly Settings _settings;
    private readonly DataSplit _data;
    private readonly Matrix _grid;
    private readonly Networks.ForwardPass[] _passes;
    private long _goal;

    public Session(Settings settings)
    {
        _settings = settings;
        _data = settings.Task.Draw(settings);
        var compute = new Compute(1);
        _learners = [new(settings, BackpropagationRule.Entry, _data, compute), new(settings, settings.Rule, _data, compute)];
        Rate = settings.Rate;
        _grid = settings.Task.IsPlane ? Grid() : default;
        _passes = [.. _learners.Select(learner => learner.Network.CreatePass(Side))];
    }

    public double Rate
    {
        get;
        set
        {
            field = value;
            foreach (var learner in _learners)
            {
                learner.Rate = (float)value;
            }
        }
    }

    /// <summary>Widths from input to output.</summary>
    public IReadOnlyList<int> Sizes => [_learners[0].Network.Inputs, .. _learners[0].Network.Layers.Select(layer => layer.Outputs)];

    public long Examples => _learners[1].Examples;

    /// <summary>Learns from so many more examples, and at most a batch more; both networks from the same.</summary>
    /// <returns>The examples learned from since the beginning.</returns>
    public long Learn(int examples)
    {
        _goal += examples;
        foreach (var learner in _learners)
        {
            learner.LearnUntil(_goal);
        }

        return Examples;
    }

    /// <summary>
    /// Examples learned, passes over the data; for each network training loss since the last reading, test loss, share of test examples
    /// that are wrong (or of the squares that are left), 1 where it has diverged; then for each hidden layer the rule's angle of errors,
    /// angle of gradients, angle of weights, share of useful errors, ratio of norms, and the mean of the errors' inner product, which at
    /// the last hidden layer is eᵀWBe. NaN where there is no such number.
    /// </summary>
    public double[] Readings()
    {
        var readings = _learners[1].Measure();
        List<double> numbers = [Examples, (double)Examples / _data.Train.Count];
        foreach (var learner in _learners)
        {
            var test = learner.Evaluate();
            numbers.AddRange([learner.TakeTrainLoss(), test.Loss, test.Error, learner.HasDiverged ? 1 : 0]);
        }

        for (var layer = 0; layer < readings.Count - 1; layer++)
        {
            var reading = readings[layer];
            var (rule, exact) = _learners[1].ErrorsAt(layer);
            double?[] all =
            [
                reading.ErrorAngle, reading.GradientAngle, reading.WeightAngle, reading.PositiveShare, reading.ErrorNormRatio,
                rule.Rows == 0 ? null : Reductions.Dot(rule, exact) / rule.Rows,
            ];
            numbers.AddRange(all.Select(number => number ?? double.NaN));
        }

        return [.. numbers];
    }

    /// <summary>
    /// What is known of a measured example, as of the last reading: for each hidden layer its units, the angle of the two errors, then for
    /// each unit the error that arrives and the one that backpropagation would send.
    /// </summary>
    public double[] ErrorsOf(int example)
    {
        List<double> numbers = [];
        for (var layer = 0; layer < _settings.Hidden.Count; layer++)
        {
            var (rule, exact) = _learners[1].ErrorsAt(layer);
            numbers.Add(_settings.Hidden[layer]);
            numbers.Add(rule.Rows == 0 ? double.NaN : Angle.Degrees(rule.Row(example), exact.Row(example)) ?? double.NaN);
            for (var unit = 0; unit < _settings.Hidden[layer]; unit++)
            {
                numbers.Add(rule.Rows == 0 ? double.NaN : rule[example, unit]);
                numbers.Add(exact.Rows == 0 ? double.NaN : exact[example, unit]);
            }
        }

        return [.. numbers];
    }

    /// <summary>Examples in the plane: x, y, class, 1 for the test part; measured ones are the first of the test part.</summary>
    public double[] Points()
    {
        List<double> numbers = [];
        foreach (var (set, test) in _settings.Task.IsPlane ? new[] { (_data.Train, 0), (_data.Test, 1) } : [])
        {
            for (var example = 0; example < set.Count; example++)
            {
                numbers.AddRange([set.Inputs[example, 0], set.Inputs[example, 1], set.Labels![example], test]);
            }
        }

        return [.. numbers];
    }

    /// <summary>Measured examples there are to choose from.</summary>
    public int Measured => _learners[1].Measured.Count;

    /// <summary>
    /// What a network makes of the plane, row by row from the top: for each place the class and how sure it is (0 … 255); then the picture
    /// of each hidden unit (128: no activity).
    /// </summary>
    public byte[] Pictures(int which)
    {
        if (!_settings.Task.IsPlane)
        {
            return UnitsAsWeights(which);
        }

        var units = _settings.Hidden.Sum();
        var bytes = new byte[(2 * Side * Side) + (units * UnitSide * UnitSide)];
        var pass = _passes[which];
        const int every = Side / UnitSide;
        var activity = new float[units * UnitSide * UnitSide];
        for (var row = 0; row < Side; row++)
        {
            var outputs = pass.Answer(_grid.Slice(row * Side, Side));
            if (row % every == every / 2)
            {
                Collect(pass, activity, row / every, every);
            }

            _settings.Task.Loss.Interpret(outputs);
            for (var column = 0; column < Side; column++)
            {
                var (best, most) = (0, float.NegativeInfinity);
                var answers = outputs.Row(column);
                for (var output = 0; output < answers.Length; output++)
                {
                    if (answers[output] > most)
                    {
                        (best, most) = (output, answers[output]);
                    }
                }

                var place = 2 * ((row * Side) + column);
                (bytes[place], bytes[place + 1]) = ((byte)best, (byte)Math.Clamp(255 * most, 0, 255));
            }
        }

        Scaled(activity, UnitSide * UnitSide, bytes.AsSpan(2 * Side * Side));
        return bytes;
    }

    /// <summary>All forward weights, layer after layer, outputs × inputs.</summary>
    public double[] Weights(int which)
        => [.. _learners[which].Network.Layers.SelectMany(layer => Numbers(layer.Weights.Read()))];

    /// <summary>
    /// The feedback weights: for each path the layer it comes from and goes to (0: first hidden), rows, columns, numbers.
    /// </summary>
    public double[] Feedback()
    {
        List<double> numbers = [];
        foreach (var path in _learners[1].Feedback.Where(path => path.To >= 0))
        {
            var weights = path.Weights;
            numbers.AddRange([path.From, path.To, weights.Rows, weights.Columns]);
            numbers.AddRange(Numbers(weights));
        }

        return [.. numbers];
    }

    /// <summary>Interferes with the network that does not have backpropagation; <c>freeze</c> and <c>thaw</c> with both.</summary>
    /// <exception cref="FormatException">It is not possible; the message says why.</exception>
    public void Intervene(string what)
    {
        var learner = _learners[1];
        switch (what)
        {
            case "redraw":
                learner.RedrawFeedback();
                break;
            case "copy":
                learner.CopyForwardToFeedback();
                break;
            case "flip":
                learner.FlipFeedback();
                break;
            case "halve":
                learner.RemoveHalf();
                break;
            case "freeze" or "thaw":
                foreach (var each in _learners)
                {
                    each.IsFrozen = what == "freeze";
                }

                break;
            default:
                throw new FormatException($"{Texts.ForeignText.Line(what, 40)}: is nothing that can be done");
        }
    }

    /// <summary>A fingerprint of all that a network has learned.</summary>
    public string Fingerprint(int which) => _learners[which].Fingerprint();

    /// <summary>
    /// Does once what a game does. A browser compiles code that is used often; so the first frames of a game take no longer than others.
    /// </summary>
    public static void WarmUp()
    {
        var session = new Session(Settings.Parse("task=gauss"));
        session.Learn(400);
        session.Readings();
        session.Pictures(0);
        session.Weights(0);
        session.Feedback();
    }

    /// <summary>What there is to choose from, a line each: kind, id, name, sentence, and of a task what to draw.</summary>
    public static string Choices() => string.Join('\n', (string[])
    [
        .. PlaygroundTask.All.Select(task => $"task\t{task.Id}\t{task.Name}\t{task.Sentence}\t{task.Kind}"),
        .. Settings.Rules.Select(rule => $"rule\t{rule.Id}\t{rule.Name}\t{rule.Summary}"),
        .. Networks.Activation.Standard.Entries.Select(activation => $"activation\t{activation.Id}\t{activation.Id}\t{activation.Summary}"),
    ]);

    /// <summary>Of pictures and vectors a unit's picture is its weights, in the first hidden layer only.</summary>
    private byte[] UnitsAsWeights(int which)
    {
        var weights = _learners[which].Network.Layers[0].Weights.Read();
        var bytes = new byte[weights.Rows * weights.Columns];
        Scaled([.. Numbers(weights).Select(number => (float)number)], weights.Columns, bytes);
        return bytes;
    }

    private static void Collect(Networks.ForwardPass pass, float[] activity, int row, int every)
    {
        var first = 0;
        for (var layer = 0; layer < pass.Outputs.Count - 1; layer++)
        {
            var outputs = pass.Outputs[layer];
            for (var column = 0; column < UnitSide; column++)
            {
                var units = outputs.Row((column * every) + (every / 2));
                for (var unit = 0; unit < units.Length; unit++)
                {
                    activity[((((first + unit) * UnitSide) + row) * UnitSide) + column] = units[unit];
                }
            }

            first += outputs.Columns;
        }
    }

    /// <summary>Each picture by its own greatest number.</summary>
    private static void Scaled(ReadOnlySpan<float> numbers, int ofOne, Span<byte> bytes)
    {
        for (var start = 0; start < numbers.Length; start += ofOne)
        {
            var one = numbers.Slice(start, ofOne);
            var greatest = 1e-12f;
            foreach (var number in one)
            {
                greatest = Math.Abs(number) > greatest ? Math.Abs(number) : greatest;
            }

            for (var i = 0; i < ofOne; i++)
            {
                bytes[start + i] = float.IsNaN(one[i]) ? (byte)128 : (byte)Math.Clamp(128 + (127 * one[i] / greatest), 0, 255);
            }
        }
    }

    private static Matrix Grid()
    {
        var grid = new Matrix(Side * Side, 2);
        for (var row = 0; row < Side; row++)
        {
            for (var column = 0; column < Side; column++)
            {
                grid[(row * Side) + column, 0] = At(column);
                grid[(row * Side) + column, 1] = -At(row);
            }
        }

        return grid;

        static float At(int place) => (float)(PlaygroundTask.Reach * (((2 * place) + 1.0) / Side - 1));
    }

    private static double[] Numbers(Matrix matrix)
    {
        var numbers = new double[matrix.Rows * matrix.Columns];
        for (var row = 0; row < matrix.Rows; row++)
        {
            for (var column = 0; column < matrix.Columns; column++)
            {
                numbers[(row * matrix.Columns) + column] = matrix[row, column];
            }
        }

        return numbers;
    }
}
