using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using FeedbackAlignment.Exchange;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Testing;

namespace FeedbackAlignment.Tests.Exchange;

/// <summary>Files go to Python and come back; <c>mlp.py</c> needs nothing but its standard library.</summary>
public sealed class PythonTests
{
    private static readonly string _script = Path.Combine(Repository.Root, "tests", "FeedbackAlignment.Tests", "Exchange", "mlp.py");

    [Fact]
    public void PythonReadsOurNetworkAndAnswersAsItDoes()
    {
        var network = Some.Network("3-5-2", seed: 1);
        var inputs = Some.Matrix(1, 3, seed: 2);
        var file = Path.GetTempFileName();
        try
        {
            using (var stream = File.Create(file))
            {
                network.Save(stream, TensorNaming.PyTorch);
            }

            var answer = Python(["forward", file, .. inputs.Row(0).ToArray().Select(x => x.ToString("R", CultureInfo.InvariantCulture))]);
            var outputs = answer.Split(' ').Select(text => float.Parse(text, CultureInfo.InvariantCulture)).ToArray();
            var expected = network.Predict(inputs).Row(0).ToArray();
            Assert.Equal(expected.Length, outputs.Length);
            Assert.All(expected.Zip(outputs), pair => Assert.InRange(pair.Second, pair.First - 1e-5f, pair.First + 1e-5f));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void WeReadWhatPythonWrites()
    {
        var file = Path.GetTempFileName();
        try
        {
            Python(["write", file]);
            using var stream = File.OpenRead(file);
            var network = Network.Load(stream, file, Activation.Linear);

            Assert.Equal("hidden1: 2-3 linear", network.Layers[0].ToString());
            Some.AssertSameBits(Matrix.From(new float[,] { { 1, 2 }, { 3, 4 }, { 5, 6 } }), network.Layers[0].Weights.Read());

            // Hidden: 1.5, 2.5, 5.25 for the input (1, 0).
            Assert.Equal(1.5f - 2 * 2.5f + 0.5f * 5.25f + 0.125f, network.Predict(Matrix.From(new float[,] { { 1, 0 } }))[0, 0]);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string Python(IEnumerable<string> arguments)
    {
        try
        {
            using var python = Process.Start(new ProcessStartInfo("python3", [_script, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var output = python.StandardOutput.ReadToEnd();
            var trouble = python.StandardError.ReadToEnd();
            python.WaitForExit();
            Assert.True(python.ExitCode == 0, trouble);
            return output.Trim();
        }
        catch (Win32Exception)
        {
            Assert.Skip("there is no python3 here, so nothing was read by it");
            throw;
        }
    }
}
