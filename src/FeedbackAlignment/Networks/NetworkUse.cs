using FeedbackAlignment.Exchange;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <content>
/// What one does with a network that is trained. These stand on the network itself, so that every .NET language finds them there; this
/// file is the one place in Networks that knows what lies above.
/// </content>
public sealed partial class Network
{
    /// <summary>Asks for the class of each example: the one with the greatest output, the first of those where several are equal.</summary>
    /// <param name="inputs">examples × inputs, in either order, as the network was trained on them.</param>
    /// <returns>One class per example, from 0.</returns>
    /// <exception cref="ArgumentException">The inputs have the wrong width.</exception>
    /// <exception cref="InvalidOperationException">An output is not a number; the message says for which example.</exception>
    public int[] PredictClasses(Matrix inputs) => Classes(Predict(inputs));

    /// <summary>Asks for probabilities: the softmax or the logistic function of the outputs, as the loss has it.</summary>
    /// <param name="inputs">examples × inputs, in either order, as the network was trained on them.</param>
    /// <param name="loss">
    /// The loss that it was trained on, one of the cross-entropies. Under the logistic one, outputs are independent and need not sum to
    /// 1.
    /// </param>
    /// <returns>examples × outputs.</returns>
    /// <exception cref="ArgumentException">
    /// The inputs have the wrong width, or the loss knows no probabilities or does not suit the output layer.
    /// </exception>
    public Matrix PredictProbabilities(Matrix inputs, Loss loss)
    {
        ArgumentNullException.ThrowIfNull(loss);
        RequireProbabilities(loss);
        var answers = Predict(inputs);
        loss.Interpret(answers);
        return answers;
    }

    /// <summary>
    /// Writes all that the network's answers need as a safetensors file: plan, activations, weights, biases, missing connections, scales,
    /// shifts and running statistics.
    /// </summary>
    /// <param name="stream">Receives the file; it stays open.</param>
    /// <param name="naming">What the tensors are called; with PyTorch's names <c>load_state_dict</c> takes the file as it is.</param>
    /// <exception cref="NotSupportedException">
    /// The network is a spiking one, or has a module that no plan describes: such a file has no place for that.
    /// </exception>
    /// <seealso cref="TrainedModel.Save"/>
    public void Save(Stream stream, TensorNaming naming = TensorNaming.Network)
    {
        NetworkFile.RequireWritable(this);
        new SafetensorsFile(this.ToTensors(naming), this.Describe()).Write(stream);
    }

    /// <summary>Reads a network from a safetensors file that <see cref="Save"/> or PyTorch has made.</summary>
    /// <param name="stream">The file; it stays open.</param>
    /// <param name="source">What to call the file in messages.</param>
    /// <param name="hidden">Activation of the hidden layers; null: what the file's metadata say.</param>
    /// <param name="output">Activation of the output layer; null: what the file's metadata say, linear if nothing.</param>
    /// <param name="compute">Does the products; null: one thread.</param>
    /// <param name="order">
    /// The names of all layers, from the first on, such as <c>input</c> for <c>input.weight</c>; with a plan, of all modules that have
    /// numbers. Null: it follows from their names, or from their shapes.
    /// </param>
    /// <param name="parts">The activations and modules that the file can name; null: those of the library.</param>
    /// <param name="plan">
    /// The network, where the file does not say it: with convolutions or other modules than dense layers a <c>state_dict</c> of PyTorch
    /// needs a plan. Null: what the file's metadata say, else dense layers one after another.
    /// </param>
    /// <returns>A network of layers <c>hidden1</c> … <c>output</c>, ready to predict or to be trained further.</returns>
    /// <exception cref="Data.DataFormatException">
    /// The file is damaged or holds no network, nobody says what the activations are or both file and caller do, the layers fit in more
    /// than one order, or the network needs a standardizer that is in the file too: then <see cref="TrainedModel.Load"/> reads it.
    /// </exception>
    public static Network Load(
        Stream stream, string source, Activation? hidden = null, Activation? output = null, Compute? compute = null,
        IReadOnlyList<string>? order = null, NetworkParts? parts = null, NetworkPlan? plan = null)
        => NetworkFile.FromTensors(SafetensorsFile.Read(stream, source), source, hidden, output, compute, order, parts, plan);

    /// <exception cref="ArgumentException">The outputs are no probabilities under this loss.</exception>
    internal void RequireProbabilities(Loss loss)
    {
        if (!loss.HasProbabilities)
        {
            throw new ArgumentException($"under {loss} outputs are no probabilities; ask {nameof(Predict)} for them as they are", nameof(loss));
        }

        if (loss.Objection(Layers[^1].Activation) is { } objection)
        {
            throw new ArgumentException($"{loss}: {objection}", nameof(loss));
        }
    }

    /// <summary>The place of the greatest output in every row.</summary>
    internal static int[] Classes(Matrix answers)
    {
        var classes = new int[answers.Rows];
        for (var example = 0; example < classes.Length; example++)
        {
            var answer = answers.Row(example);
            for (var i = 0; i < answer.Length; i++)
            {
                if (float.IsNaN(answer[i]))
                {
                    throw new InvalidOperationException($"output {i} for example {example} is not a number: the example's inputs or the network's weights are not finite");
                }

                classes[example] = answer[i] > answer[classes[example]] ? i : classes[example];
            }
        }

        return classes;
    }
}
