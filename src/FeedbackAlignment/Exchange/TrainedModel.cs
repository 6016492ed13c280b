using FeedbackAlignment.Catalogs;
using FeedbackAlignment.Data;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Exchange;

/// <summary>
/// A trained network with all that it needs to answer raw inputs: how they are standardized and scaled, what its outputs mean, and the
/// names of the classes.
/// </summary>
/// <example>
/// <code>
/// var model = new TrainedModel(network, Loss.SoftmaxCrossEntropy) { InputStandardizer = standardizer, ClassNames = ["cat", "dog"] };
/// model.Save(stream);
/// var shipped = TrainedModel.Load(stream, "pets.safetensors");
/// string answer = shipped.PredictClassNames(raw)[0];
/// </code>
/// </example>
public sealed class TrainedModel
{
    /// <summary>Puts a network and its loss together. Everything else has a default: no standardizing, a scale of 1, no names.</summary>
    /// <param name="network">The network.</param>
    /// <param name="loss">The loss that it was trained on; says whether its outputs become probabilities.</param>
    /// <exception cref="ArgumentException">The loss does not suit the network's output layer.</exception>
    public TrainedModel(Network network, Loss loss)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(loss);
        if (loss.Objection(network.Layers[^1].Activation) is { } objection)
        {
            throw new ArgumentException($"{loss}: {objection}", nameof(loss));
        }

        (Network, Loss) = (network, loss);
    }

    /// <summary>The network. Asked directly, it neither standardizes nor scales.</summary>
    public Network Network { get; }

    /// <summary>The loss that it was trained on.</summary>
    public Loss Loss { get; }

    /// <summary>Standardizes raw inputs, before <see cref="InputScale"/>; null: they stay as they are.</summary>
    /// <exception cref="ArgumentException">It has another number of columns than the network has inputs.</exception>
    public Standardizer? InputStandardizer
    {
        get;
        init => field = value is null || value.Columns == Network.Inputs
            ? value
            : throw new ArgumentException($"the standardizer has {value.Columns} columns, must have {Network.Inputs}, one for each input");
    }

    /// <summary>What inputs are multiplied with after they have been standardized; finite, not 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is 0 or not finite.</exception>
    public float InputScale
    {
        get;
        init => field = float.IsFinite(value) && value != 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "the scale of the inputs must be finite and not 0");
    } = 1;

    /// <summary>
    /// How the targets were standardized for training: answers are brought back to the user's units. Null: they were not.
    /// </summary>
    /// <exception cref="ArgumentException">It has another number of columns than the network has outputs.</exception>
    public Standardizer? TargetStandardizer
    {
        get;
        init => field = value is null || value.Columns == Network.Outputs
            ? value
            : throw new ArgumentException($"the standardizer has {value.Columns} columns, must have {Network.Outputs}, one for each output");
    }

    /// <summary>The name of each class, one for each output; null where the task is regression.</summary>
    /// <exception cref="ArgumentException">Their number is not that of the outputs, one is null, or two are equal.</exception>
    public IReadOnlyList<string>? ClassNames
    {
        get;
        init => field = Names(value, Network.Outputs, "class names", "output");
    }

    /// <summary>The name of each input; null where they have none.</summary>
    /// <exception cref="ArgumentException">Their number is not that of the inputs, one is null, or two are equal.</exception>
    public IReadOnlyList<string>? InputNames
    {
        get;
        init => field = Names(value, Network.Inputs, "input names", "input");
    }

    /// <summary>
    /// Answers raw inputs: in the user's units for regression, with probabilities where the loss is a cross-entropy, else with the
    /// outputs as they are. Several threads may ask at once.
    /// </summary>
    /// <param name="raw">examples × inputs, in either order, in the units of the data that the standardizer was fitted on.</param>
    /// <returns>examples × outputs, the caller's own.</returns>
    /// <exception cref="ArgumentException">
    /// The inputs have the wrong width, or one is not a finite number; the message says which.
    /// </exception>
    public Matrix Predict(Matrix raw)
    {
        var answers = Network.Predict(Prepare(raw));
        Loss.Interpret(answers);
        return TargetStandardizer?.Invert(answers) ?? answers;
    }

    /// <summary>The class of each raw example: the one with the greatest output, the first of those where several are equal.</summary>
    /// <param name="raw">examples × inputs.</param>
    /// <returns>One class per example, from 0.</returns>
    /// <exception cref="ArgumentException">The inputs have the wrong width, or one is not a finite number.</exception>
    /// <exception cref="InvalidOperationException">
    /// The model answers with numbers, not with classes; or an output is not a number.
    /// </exception>
    public int[] PredictClasses(Matrix raw)
    {
        RequireClasses();
        return Network.PredictClasses(Prepare(raw));
    }

    /// <summary>The name of the class of each raw example.</summary>
    /// <param name="raw">examples × inputs.</param>
    /// <exception cref="ArgumentException">The inputs have the wrong width, or one is not a finite number.</exception>
    /// <exception cref="InvalidOperationException">
    /// The model answers with numbers, not with classes; or an output is not a number.
    /// </exception>
    public string[] PredictClassNames(Matrix raw) => [.. PredictClasses(raw).Select(index => ClassNames![index])];

    /// <summary>The probability of each class for each raw example.</summary>
    /// <param name="raw">examples × inputs.</param>
    /// <returns>examples × outputs. Under the logistic cross-entropy the outputs are independent and need not sum to 1.</returns>
    /// <exception cref="ArgumentException">The inputs have the wrong width, or one is not a finite number.</exception>
    /// <exception cref="InvalidOperationException">The loss is not a cross-entropy: the outputs are no probabilities.</exception>
    public Matrix PredictProbabilities(Matrix raw)
        => !Loss.HasProbabilities
            ? throw new InvalidOperationException($"the network was trained on {Loss}, whose outputs are no probabilities; ask {nameof(Predict)} for them as they are")
            : Predict(raw);

    /// <summary>
    /// Writes a safetensors file: the network as <see cref="Network.Save"/> writes it, the tensors <c>inputs.mean</c>,
    /// <c>inputs.deviation</c>, <c>targets.mean</c> and <c>targets.deviation</c>, and loss, scale and names as metadata.
    /// </summary>
    /// <param name="stream">Receives the file; it stays open.</param>
    /// <param name="naming">What the network's tensors are called.</param>
    /// <exception cref="NotSupportedException">
    /// The network is a spiking one, or has a module that no plan describes, or names take more than a mebibyte.
    /// </exception>
    public void Save(Stream stream, TensorNaming naming = TensorNaming.Network) => TrainedModelFile.Write(this, stream, naming);

    /// <summary>Reads what <see cref="Save"/> has written.</summary>
    /// <param name="stream">The file; it stays open.</param>
    /// <param name="source">What to call the file in messages.</param>
    /// <param name="compute">Does the products; null: one thread.</param>
    /// <param name="losses">The losses that the file can name; null: those of the library.</param>
    /// <param name="parts">The activations and modules that the file can name; null: those of the library.</param>
    /// <exception cref="DataFormatException">The file is damaged, or does not say what loss the network was trained on.</exception>
    public static TrainedModel Load(
        Stream stream, string source, Compute? compute = null, Catalog<Loss>? losses = null, NetworkParts? parts = null)
        => TrainedModelFile.Read(SafetensorsFile.Read(stream, source), source, compute, losses, parts);

    /// <summary>What the network is asked: checked, standardized, scaled.</summary>
    private Matrix Prepare(Matrix raw)
    {
        raw.RequireShape(raw.Rows, Network.Inputs, nameof(raw));
        RequireFinite(raw);
        var inputs = InputStandardizer?.Apply(raw) ?? raw;
        if (InputScale == 1)
        {
            return inputs;
        }

        var scaled = Matrix.Movable(inputs.Rows, inputs.Columns, inputs.Order);
        scaled.CopyFrom(inputs);
        Elementwise.Map(scaled, new Scale(InputScale));
        return scaled;
    }

    /// <summary>A relu or a constant column would make a number of what is none.</summary>
    private void RequireFinite(Matrix raw)
    {
        for (var row = 0; row < raw.Rows; row++)
        {
            for (var column = 0; column < raw.Columns; column++)
            {
                if (!float.IsFinite(raw[row, column]))
                {
                    var name = InputNames is null ? "" : $" ({InputNames[column]})";
                    throw new ArgumentException($"row {row}, column {column}{name} is {raw[row, column]}, must be a finite number", nameof(raw));
                }
            }
        }
    }

    private void RequireClasses()
    {
        if (ClassNames is null)
        {
            throw new InvalidOperationException($"the model has no {nameof(ClassNames)}: it answers with numbers; ask {nameof(Predict)}");
        }
    }

    private static IReadOnlyList<string>? Names(IReadOnlyList<string>? names, int count, string what, string each)
    {
        if (names is null)
        {
            return null;
        }

        if (names.Count != count)
        {
            throw new ArgumentException($"there are {names.Count} {what}, must be {count}, one for each {each}");
        }

        if (names.GroupBy(name => name).FirstOrDefault(group => group.Key is null || group.Count() > 1) is { } wrong)
        {
            throw new ArgumentException(wrong.Key is null ? $"one of the {what} is null" : $"two of the {what} are \"{wrong.Key}\"; each must be another one");
        }

        return [.. names];
    }
}
